from tempfile import TemporaryFile

from werkzeug.wsgi import wrap_file

from odoo.http import Controller, Response, content_disposition, request, route

from ..tools.record_ids import read_ids

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReturnXlsx(Controller):
    """The report of a return file as a workbook."""

    @route(
        "/contract_fiscal_br/return/<string:number>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def download(self, number):
        """Send the workbook; rights decide whether there is one."""
        found = request.env["collection.return.file"].search(
            [("id", "in", read_ids(number)[:1])]
        )
        if not found:
            raise request.not_found()
        file = TemporaryFile()
        found._write_xlsx(file)
        file.seek(0)
        return Response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", MIME_TYPE),
                ("Content-Disposition", content_disposition(f"{found.name}.xlsx")),
            ],
            direct_passthrough=True,
        )
