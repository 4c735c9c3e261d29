from . import collection_backend
from . import cnab_file
