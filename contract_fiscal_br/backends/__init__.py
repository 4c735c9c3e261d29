from . import collection_backend
from . import cnab_file
from . import cnab_debit
