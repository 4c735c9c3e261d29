import logging

from werkzeug.exceptions import BadRequest, NotFound

from odoo import SUPERUSER_ID
from odoo.http import Controller, request, route

from ..tools.bank_report import read_report

_logger = logging.getLogger(__name__)

PATH = "/contract_fiscal_br/webhook/<string:token>"
# Bytes of a report; some thousand Pix.
LARGEST = 2**20


class BankWebhook(Controller):
    """Reports of banks: taken in at once, asked about by a job.

    The API Pix appends /pix, /rec or /cobr to the address it was given.
    """

    @route(
        [PATH, f"{PATH}/<string:sort>"],
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=LARGEST,
    )
    def receive(self, token, sort=None, **_parameters):
        account = self._find_account(token)
        try:
            references = read_report(request.httprequest.get_data())
        except ValueError as error:
            _logger.warning("Account %s: an unreadable report", account.id)
            raise BadRequest() from error
        if references:
            account._queue_report(references)
        return request.make_response("")

    def _find_account(self, token):
        accounts = request.env["collection.account"].with_user(SUPERUSER_ID)
        account = accounts._find_by_webhook_token(token)
        if not account.is_api:
            raise NotFound()
        company = account.company_id
        return account.with_company(company).with_context(lang=company.partner_id.lang)
