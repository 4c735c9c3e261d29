from . import test_boleto
from . import test_check_digit
from . import test_cnab_lines
from . import test_collection_event
from . import test_occurrences
from . import test_translations
from . import test_collection_remittance
from . import test_title_life
