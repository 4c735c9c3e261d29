from . import boleto
from . import bank_webhook
