from odoo import api, fields, models


class CollectionTitle(models.Model):
    """A title that the customer's bank pays by Pix Automático."""

    _inherit = "collection.title"

    pix_mandate_id = fields.Many2one(
        "pix.mandate",
        string="Pix Automático",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    is_immediate = fields.Boolean(
        string="Agrees to Pix Automático",
        readonly=True,
        help="Paying this charge is the customer's agreement to Pix Automático.",
    )

    @api.model
    def _prepare_title(self, account, move, number, issue_date):
        values = super()._prepare_title(account, move, number, issue_date)
        if account.backend != "pix_automatic":
            return values
        # fine and interest of the contract are charged by its next invoice
        return values | {
            "pix_mandate_id": move._get_pix_mandate().id,
            "write_off_days": 0,
            "protest_days": 0,
            "late_fee_percent": 0.0,
            "late_interest_percent": 0.0,
        }

    def _get_slip_kind(self):
        return "pix" if self.is_immediate else super()._get_slip_kind()

    def _get_failure_reason(self):
        """Return why the charge was not paid, in the bank's words."""
        self.ensure_one()
        refused = self.instruction_ids.filtered(lambda one: one.state == "refused")
        event = self.event_ids.filtered(lambda one: one.kind == "written_off")
        return (
            event[:1].reasons
            or refused[:1].message
            or self.env._("the charge by Pix Automático was not paid")
        )
