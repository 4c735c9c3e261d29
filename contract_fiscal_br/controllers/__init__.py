from . import boleto
