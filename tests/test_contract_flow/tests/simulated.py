"""The simulators, for tests inside Odoo: they stand beside this addon."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from simulators.bank_api import BankApi  # noqa: E402, F401
from simulators.bank_files import BankFiles  # noqa: E402, F401
from simulators.sms import SmsGateway  # noqa: E402, F401
from simulators.smtp import SmtpServer  # noqa: E402, F401
from simulators.whatsapp import WhatsappApi  # noqa: E402, F401
