from odoo import models
from odoo.exceptions import AccessError, UserError


class ContractContract(models.Model):
    """Another customer takes a contract over (*titularidade*, *transferência*)."""

    _inherit = "contract.contract"

    def _change_holder(self, partner, is_debt_moved=False, reason=None):
        """Make another customer the holder from today on.

        What waits for an invoice follows the contract. Open invoices stay with
        the one who got them, unless they are to move: those nobody paid on are
        then cancelled and due with the new holder's next invoice.

        :raise UserError: a transfer to oneself, or of a contract not in force
        """
        self.ensure_one()
        self.check_access("write")
        self._check_holder(partner)
        if is_debt_moved:
            self._release_open_invoices()
        before = self.partner_id
        self._set_holder(partner)
        self._transfer_related(before, partner)
        self.env["contract.event"]._record(
            self,
            "holder",
            from_state=before.display_name,
            to_state=partner.display_name,
            reason=reason,
        )

    def _transfer_related(self, old, new):
        """Hand over what hangs on the contract, such as accesses and requests.

        A hook for other addons: the contract has its new holder by then.
        """

    def _set_holder(self, partner):
        """Write the holder and all that follows from it."""
        self.message_unsubscribe(self.partner_id.ids)
        self.write(
            {
                "partner_id": partner.id,
                "invoice_partner_id": partner.address_get(["invoice"])["invoice"],
                "fiscal_position_id": False,
            }
        )
        self._set_fiscal_position()
        self._follow_by_customer()
        pending = self.charge_ids.filtered(lambda charge: charge.state == "pending")
        pending.sudo().write({"partner_id": partner.id})

    def _get_invoices_to_move(self):
        """Return the open invoices of this contract alone that nobody paid on."""
        self.ensure_one()
        moves = self.sudo().charge_ids.move_id
        return moves.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.payment_state == "not_paid"
                and move.contract_charge_ids.contract_id == self
                and len(move.contract_charge_ids) == len(move.invoice_line_ids)
            )
        )

    def _release_open_invoices(self):
        """Cancel the open invoices; their charges wait for the next one."""
        group = "contract_recurring.group_contract_billing"
        if not (self.env.su or self.env.user.has_group(group)):
            raise AccessError(
                self.env._(
                    "Only those who bill may move open invoices to another customer."
                )
            )
        moves = self._get_invoices_to_move()
        if moves:
            moves.button_cancel()

    def _check_holder(self, partner):
        if self.lifecycle_state not in ("active", "suspended"):
            raise UserError(
                self.env._(
                    "%(contract)s is not in force: only a contract in force changes "
                    "its holder.",
                    contract=self.display_name,
                )
            )
        if not partner:
            raise UserError(self.env._("Choose the new holder."))
        if partner.commercial_partner_id == self.partner_id.commercial_partner_id:
            raise UserError(
                self.env._(
                    "%(customer)s holds this contract already. Choose another "
                    "customer.",
                    customer=partner.display_name,
                )
            )
        if partner.company_id and partner.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(customer)s belongs to another company.",
                    customer=partner.display_name,
                )
            )
