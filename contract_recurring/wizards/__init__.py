from . import (
    contract_activate,
    contract_import,
    contract_import_check,
    contract_import_line,
    contract_import_write,
    contract_quote,
)
