from datetime import timedelta

from odoo import fields, models


class ContractContract(models.Model):
    """Customers are asked how satisfied they are (S002-07, S002-62)."""

    _name = "contract.contract"
    _inherit = ["rating.mixin", "contract.contract"]

    def _change_state(self, state, day, reason=None, **values):
        result = super()._change_state(state, day, reason=reason, **values)
        asking = self.filtered(
            lambda contract: contract.company_id.sudo().contract_rating_state == state
        )
        asking._request_rating()
        return result

    def action_view_ratings(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ratings"),
            "res_model": "rating.rating",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_request_rating(self):
        """Ask the customers now, and say how many cannot be asked."""
        self.check_access("write")
        asked = self._request_rating()
        left = len(self) - len(asked)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": self.env._(
                    "%(asked)s customers are asked; %(left)s have no e-mail, refuse "
                    "it, or were asked lately.",
                    asked=len(asked),
                    left=left,
                ),
            },
        }

    def _request_rating(self):
        """Queue an e-mail to each customer who may be asked.

        :return: the contracts asked about
        """
        asked = self.sudo()._get_ratable()
        for contract in asked:
            contract.with_delay(channel="root.notice")._send_rating_request()
        return asked

    def _get_ratable(self):
        """Return those whose customer has an e-mail, takes it, and was not asked
        lately."""
        found = self.browse()
        for company, contracts in self.grouped("company_id").items():
            days = company.contract_rating_every_days
            since = fields.Datetime.now() - timedelta(days=days)
            asked = self.env["rating.rating"]._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", contracts.ids),
                    ("create_date", ">=", since),
                ],
                aggregates=["res_id:array_agg"],
            )[0][0]
            found |= contracts.filtered(
                lambda contract, asked=set(asked or []): (
                    contract.id not in asked
                    and contract.partner_id.email_normalized
                    and not contract.partner_id.is_email_notice_refused
                )
            )
        return found

    def _send_rating_request(self):
        """Write the e-mail; Odoo's queue of e-mails sends it."""
        self.ensure_one()
        if not self.sudo()._get_ratable():
            return
        template = self.env.ref("contract_recurring.mail_template_rating").sudo()
        self.rating_send_request(template, lang=self.partner_id.lang, force_send=False)
