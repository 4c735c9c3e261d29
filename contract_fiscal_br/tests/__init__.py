from . import test_boleto
from . import test_check_digit
