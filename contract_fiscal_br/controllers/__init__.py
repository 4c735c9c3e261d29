from . import boleto
from . import bank_webhook
from . import return_xlsx
