"""Remittances of CNAB 400: an adapter for each bank that has the layout."""

from .adapter import Adapter
from .banco_do_brasil import BancoDoBrasil
from .banrisul import Banrisul
from .bradesco import Bradesco
from .c6 import C6
from .inter import Inter
from .itau import Itau
from .order import Beneficiary, Order
from .safra import Safra
from .santander import Santander
from .sicoob import Sicoob
from .unicred import Unicred

ADAPTERS = {
    "001": BancoDoBrasil(),
    "033": Santander(),
    "041": Banrisul(),
    "077": Inter(),
    "136": Unicred(),
    "237": Bradesco(),
    "336": C6(),
    "341": Itau(),
    "422": Safra(),
    "756": Sicoob(),
}
