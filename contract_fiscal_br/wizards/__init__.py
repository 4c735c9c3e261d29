from . import collection_remittance_generate
from . import collection_remittance_generate_line
from . import collection_remittance_generate_left_out
from . import collection_second_copy
from . import collection_title_change
from . import payment_booklet_make
