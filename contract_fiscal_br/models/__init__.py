from . import account_move
from . import account_payment_mode
from . import collection_account
from . import collection_title
from . import contract_invoice_writer
from . import contract_payment_mode
from . import contract_template
from . import res_company
