from . import collection_backend
from . import api_backend
from . import bank_api
from . import cnab_file
from . import cnab_debit
from . import pix_api
from . import pix_automatic
from . import pix_automatic_first
