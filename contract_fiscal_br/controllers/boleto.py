import io

from PyPDF2 import PdfMerger

from odoo.http import Controller, content_disposition, request, route


class BoletoController(Controller):
    @route(
        "/contract_fiscal_br/boleto/<string:ids>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download_boletos(self, ids):
        """Return the boletos of the titles as one PDF; rights decide which."""
        numbers = [int(part) for part in ids.split(",") if part.isdecimal()]
        titles = request.env["collection.title"].search([("id", "in", numbers)])
        if not titles:
            raise request.not_found()
        pdf = self._merge([title._render_pdf() for title in titles])
        name = f"boleto-{titles[0].document_number}.pdf"
        return request.make_response(
            pdf,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _merge(self, pages):
        if len(pages) == 1:
            return pages[0]
        merger = PdfMerger()
        for page in pages:
            merger.append(io.BytesIO(page))
        output = io.BytesIO()
        merger.write(output)
        return output.getvalue()
