from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """“Send & Print” sends the payment slips with the invoice."""

    _inherit = "account.move.send"

    @api.model
    def _get_placeholder_mail_attachments_data(self, move, **kwargs):
        data = super()._get_placeholder_mail_attachments_data(move, **kwargs)
        return data + [
            {
                "id": f"placeholder_{slip['file_name']}",
                "name": slip["file_name"],
                "mimetype": "application/pdf",
                "placeholder": True,
            }
            for slip in move._get_payment_slips()
            if slip["file_name"]
        ]

    @api.model
    def _get_alerts(self, moves, moves_data):
        """Say what cannot be paid yet; who sends by hand decides."""
        alerts = super()._get_alerts(moves, moves_data)
        waits = moves.sudo()._get_payment_slip_waits()
        if waits:
            alerts["contract_unpayable"] = {
                "level": "warning",
                "message": self.env._(
                    "The bank has not registered the boletos of %(count)s of these "
                    "invoices: nobody can pay them before, and the bank's Pix code is "
                    "missing.",
                    count=len(waits),
                ),
            }
        return alerts

    @api.model
    def _get_mail_params(self, move, move_data):
        params = super()._get_mail_params(move, move_data)
        widget = move_data.get("mail_attachments_widget") or []
        left_out = {data["name"] for data in widget if data.get("skip")}
        if params:
            params["attachments"] += [
                (document["name"], document["raw"])
                for document in move._get_payment_slip_files()
                if document["name"] not in left_out
            ]
        return params
