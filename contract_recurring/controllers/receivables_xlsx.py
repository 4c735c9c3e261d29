from tempfile import TemporaryFile

from werkzeug.exceptions import BadRequest
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import Controller, Response, content_disposition, request

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReceivablesXlsx(Controller):
    """The receivables as a file, written to disk and streamed from there."""

    @http.route("/contract_recurring/receivables.xlsx", auth="user", readonly=True)
    def download(self, ids="", **_parameters):
        """Send the workbook of the rows chosen, or of all the user may see."""
        try:
            chosen = [int(number) for number in ids.split(",") if number]
        except ValueError as error:
            raise BadRequest() from error
        rows = request.env["contract.receivable"]
        file = TemporaryFile()
        rows._write_xlsx(file, chosen)
        file.seek(0)
        name = request.env._("receivables") + ".xlsx"
        return Response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", MIME_TYPE),
                ("Content-Disposition", content_disposition(name)),
            ],
            direct_passthrough=True,
        )
