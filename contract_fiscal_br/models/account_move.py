from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class AccountMove(models.Model):
    """An invoice is collected by titles."""

    _inherit = "account.move"

    collection_title_ids = fields.One2many("collection.title", "move_id", readonly=True)
    collection_title_count = fields.Integer(compute="_compute_collection_title_count")
    collection_account_id = fields.Many2one(
        related="payment_mode_id.collection_account_id"
    )

    is_boleto_missing = fields.Boolean(compute="_compute_is_boleto_missing")

    @api.depends(
        "state",
        "payment_state",
        "payment_mode_id",
        "collection_title_ids.state",
        "collection_title_ids.withdrawal",
    )
    def _compute_is_boleto_missing(self):
        for move in self:
            move.is_boleto_missing = move.sudo()._needs_boleto()

    def _compute_collection_title_count(self):
        counts = dict(
            self.env["collection.title"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.collection_title_count = counts.get(move, 0)

    # === ACTIONS ===

    def action_issue_boleto(self):
        """Issue the boletos of open invoices that have none."""
        moves = self.filtered(lambda move: move._needs_boleto())
        if not moves:
            raise UserError(
                self.env._(
                    "None of these invoices needs a boleto: each is paid, has one "
                    "already, or is not paid by a collection account."
                )
            )
        self._check_may_collect()
        titles = self.env["collection.title"]
        if len(moves) == 1:
            titles._issue_or_update(moves, moves.company_id._get_local_date())
            moves._note_boleto_obstacle(False)
            return False
        issued = titles.union(
            *(
                titles._issue_possible(same, company._get_local_date())
                for company, same in moves.grouped("company_id").items()
            )
        )
        return self._tell_issued(len(issued), len(moves) - len(issued))

    @api.model
    def _tell_issued(self, issued, failed):
        """Say how many boletos were issued, and where the others wait."""
        message = self.env._("%(count)s boletos issued.", count=issued)
        if failed:
            message = self.env._(
                "%(count)s boletos issued. %(failed)s could not be: see “Boletos Not "
                "Issued” for the reasons.",
                count=issued,
                failed=failed,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _check_may_collect(self):
        if not self.env.su and not self.env.user.has_group(
            "contract_fiscal_br.group_collection_clerk"
        ):
            raise AccessError(
                self.env._("Only those who keep boletos may issue or change them.")
            )

    def action_open_payer(self):
        self.ensure_one()
        return self.commercial_partner_id.get_formview_action()

    def action_second_copy(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.collection_second_copy_action"
        )
        action["context"] = {"active_id": self.id}
        return action

    def action_view_collection_titles(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.collection_title_action"
        )
        action["domain"] = [("move_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS ===

    def _needs_boleto(self):
        self.ensure_one()
        return (
            self._is_to_be_collected()
            and self.collection_account_id
            and not self.collection_title_ids.filtered(
                lambda title: title._is_current()
            )
        )
