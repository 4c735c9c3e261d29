from . import (
    contract_activate,
    contract_change_holder,
    contract_close,
    contract_import,
    contract_import_check,
    contract_import_line,
    contract_import_write,
    contract_quote,
    contract_reactivate,
    contract_record_acceptance,
    contract_resume,
    contract_suspend,
)
