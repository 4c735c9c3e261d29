from odoo import fields
from odoo.http import Controller, content_disposition, request, route

from ..tools.record_ids import read_ids


class BoletoController(Controller):
    @route(
        "/contract_fiscal_br/boleto/<string:ids>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download_boletos(self, ids, until=None):
        """Return the boletos of the titles as one PDF; rights decide which.

        :param until: day (ISO) until which they say what they cost
        """
        numbers = read_ids(ids)
        titles = request.env["collection.title"].search(
            [("id", "in", numbers)], order="due_date, id"
        )
        titles = titles.filtered(lambda title: title._is_printable())
        if not titles:
            raise request.not_found()
        try:
            day = fields.Date.to_date(until)
        except ValueError:
            raise request.not_found() from None
        titles = titles.with_context(pay_until=day)
        return self._download(titles._render_pdf(), titles[0]._get_file_name())

    @route(
        "/contract_fiscal_br/booklet/<string:ids>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download_booklets(self, ids):
        """Return what is still to be paid of booklets as one PDF."""
        numbers = read_ids(ids)
        booklets = request.env["payment.booklet"].search(
            [("id", "in", numbers), ("open_count", ">", 0)], order="id"
        )
        if not booklets:
            raise request.not_found()
        return self._download(booklets._render_pdf(), booklets._get_file_name())

    def _download(self, pdf, name):
        return request.make_response(
            pdf,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
