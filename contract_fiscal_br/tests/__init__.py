from . import test_boleto
from . import test_check_digit
from . import test_collection_event
from . import test_occurrences
from . import test_translations
