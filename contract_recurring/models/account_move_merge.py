from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Open invoices of one customer as one charge (*criar cobrança*, S004-105)."""

    _inherit = "account.move"

    is_merged = fields.Boolean(
        readonly=True,
        copy=False,
        help="One charge for several invoices; undoing it brings those back.",
    )

    # === ACTIONS ===

    def action_undo_merge(self):
        self.ensure_one()
        originals = self._undo_merge()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", originals.ids)],
        }

    # === MERGING ===

    def _merge_invoices(self, due_date, today, reason=None, with_late=True):
        """Cancel these invoices and bill their charges together.

        :param with_late: also bill the fine and interest owed today
        :return: the new invoice
        """
        self._check_may_issue_contract_invoice()
        moves = self.sudo().sorted(lambda move: (move.invoice_date_due, move.id))
        moves._lock_contracts()
        moves._check_mergeable()
        moves[0]._check_new_due_date(due_date, today)
        late = moves._prepare_late_of_merge(today, due_date) if with_late else []
        charges = moves.contract_charge_ids
        charges.contract_id._check_billable()
        names = ", ".join(moves.mapped("name"))
        moves.button_cancel()
        charges.due_date = due_date
        charges |= charges.create(late)
        new = (
            self.env["contract.invoice.writer"].sudo()._invoice_together(charges, today)
        )
        new.is_merged = True
        moves.replaced_by_id = new
        self._record_on_contracts(
            charges.contract_id,
            self.env._("%(old)s merged into %(new)s", old=names, new=new.name),
            reason,
        )
        return self.browse(new.ids)

    def _prepare_late_of_merge(self, today, due_date):
        """Return the values of the fine and interest that end with the invoices.

        They belong to no invoice any more: the new one is late by itself.
        """
        return [
            self._detach_late(move, vals) | {"due_date": due_date}
            for move, values in self._prepare_late_charges_of_each(today).items()
            for vals in values
            if vals.get("state", "pending") == "pending"
        ]

    @api.model
    def _detach_late(self, move, vals):
        words = {
            "fine": self.env._(
                "Fine of invoice %(invoice)s, paid late", invoice=move.name
            ),
            "interest": self.env._(
                "Interest on invoice %(invoice)s until today", invoice=move.name
            ),
        }
        return vals | {
            "late_move_id": False,
            "late_payment_line_id": False,
            "description": words[vals["kind"]],
        }

    # === UNDOING ===

    def _undo_merge(self):
        """Cancel the charge and post the invoices again that it replaced.

        :return: the invoices, under their old numbers and due dates
        """
        self.ensure_one()
        self._check_may_issue_contract_invoice()
        move = self.sudo()
        if not move.is_merged or not move.replaces_ids:
            raise UserError(
                self.env._(
                    "%(invoice)s does not stand for several invoices.",
                    invoice=move.display_name,
                )
            )
        move._lock_contracts()
        move._check_replaceable()
        originals = move.replaces_ids
        for original in originals:
            obstacle = original._get_period_obstacle()
            if obstacle:
                raise UserError(obstacle)
        charges = move.contract_charge_ids
        move.button_cancel()
        originals.replaced_by_id = False
        charges._restore_originals(originals)
        charges.contract_id._refresh_service_today()
        self._record_on_contracts(
            charges.contract_id,
            self.env._(
                "%(invoice)s undone: %(originals)s are open again",
                invoice=move.name,
                originals=", ".join(originals.mapped("name")),
            ),
        )
        return self.browse(originals.ids)

    # === CHECKS ===

    def _check_mergeable(self):
        if len(self) < 2:
            raise UserError(self.env._("Choose two or more open invoices."))
        if len(self.partner_id.commercial_partner_id) > 1:
            raise UserError(
                self.env._(
                    "These invoices are of several customers. Choose those of one."
                )
            )
        for name in ("company_id", "currency_id", "journal_id", "fiscal_position_id"):
            values = {move[name] for move in self}
            if len(values) > 1:
                raise UserError(
                    self.env._(
                        "These invoices differ in “%(field)s” and cannot be billed "
                        "together.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
        self._check_replaceable()
