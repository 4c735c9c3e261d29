from odoo import fields, models
from odoo.exceptions import UserError


class CollectionEvent(models.Model):
    """What a person does with money that found no invoice, and its undoing."""

    _inherit = "collection.event"

    resolution = fields.Selection(
        [
            ("applied", "Put to invoices"),
            ("credit", "Made a credit"),
            ("refund", "To be paid back"),
        ],
        readonly=True,
    )
    resolution_partner_id = fields.Many2one(
        "res.partner", string="Customer Found", readonly=True
    )
    resolution_move_ids = fields.Many2many(
        "account.move", string="Paid by Hand", readonly=True
    )
    is_boleto_missing = fields.Boolean(related="move_id.is_boleto_missing")
    free_amount = fields.Monetary(
        string="Still Free",
        compute="_compute_free_amount",
        compute_sudo=True,
        help="Money of this payment that pays no invoice yet.",
    )

    def _compute_free_amount(self):
        for event in self:
            event.free_amount = abs(
                sum(event._get_free_lines().mapped("amount_residual"))
            )

    def _get_free_lines(self):
        """Return the credits of a payment that nothing has used."""
        return self.posted_line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.balance < 0
                and not line.reconciled
                and line.account_id.reconcile
            )
        )

    def _get_meant_move(self):
        """Return the invoice of the title, or the one that took its place."""
        self.ensure_one()
        move = self.sudo().move_id
        while move.replaced_by_id:
            move = move.replaced_by_id
        return move.sudo(self.env.su)

    # === BUTTONS ===

    def action_apply(self):
        """Open the dialog that finds the invoice, or the customer."""
        self.ensure_one()
        action = self._get_look_action("collection_event_apply_action")
        action["context"] = {"default_event_id": self.id}
        return action

    def action_refund(self):
        """Keep the customer's credit from being used: it is to be paid back."""
        self._check_may_look()
        reason = self[:1].story  # what happened, before it is settled
        for event in self.sudo():
            event._check_free()
            if event._get_free_lines().filtered(lambda line: not line.partner_id):
                raise UserError(
                    self.env._(
                        "Whose money is it? Press “Find the Invoice” and choose the "
                        "customer first."
                    )
                )
            event.write({"is_credit_kept": True, "resolution": "refund"})
        self._mark_seen(self.env._("To be paid back to the customer"))
        return self._get_refund_action(reason)

    def _get_refund_action(self, reason):
        """Return a new refund of the credit to fill in, where there is one."""
        credit = self.sudo()._get_free_lines()
        if len(credit) != 1 or credit._get_refunded():
            return None
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_fiscal_br.customer_refund_action"
        )
        return action | {
            "views": [(False, "form")],
            "context": {
                "default_partner_id": credit.partner_id.id,
                "default_line_id": credit.id,
                "default_reason": reason,
            },
        }

    def action_issue_boleto(self):
        """Issue a boleto of what the invoice still owes; nothing is left to do."""
        self.ensure_one()
        self._check_may_look()
        result = self.move_id.action_issue_boleto()
        self._mark_seen(self.env._("Another boleto was issued"))
        return result

    def action_undo(self):
        """Undo what was done by hand last; it needs a look again."""
        self._check_may_look()
        for event in self.sudo():
            event._undo_by_hand()
            event.look_note = False  # it told what is undone
        self.action_look_again()

    # === TELLING ===

    def _tell_applied(self):
        return self.env._(
            "The %(paid)s paid on %(day)s with the %(title)s were put to "
            "%(invoices)s of %(customer)s by hand.",
            **self._get_resolution_names(),
            invoices=", ".join(self.sudo().resolution_move_ids.mapped("name")),
        )

    def _tell_credit(self):
        return self.env._(
            "The %(paid)s paid on %(day)s with the %(title)s were made a credit of "
            "%(customer)s by hand.",
            **self._get_resolution_names(),
        )

    def _tell_refund(self):
        return self.env._(
            "The %(paid)s paid on %(day)s with the %(title)s are to be paid back to "
            "%(customer)s.",
            **self._get_resolution_names(),
        )

    def _is_credit_used(self):
        """Return whether what became a credit pays something by now."""
        return bool(
            self.credit_amount
            and not self.resolution
            and self.currency_id.is_zero(self.free_amount)
        )

    def _tell_credit_used(self):
        return self.env._("The credit was used since: nothing is left to do.")

    def _get_resolution_names(self):
        customer = self.resolution_partner_id or self.partner_id
        return self._get_names() | {"customer": customer.name}

    # === DOING ===

    def _apply(self, partner, moves):
        """Put the free money of a payment to a customer's invoices.

        What they do not need becomes the customer's credit. It was paid on the day
        the payer paid, whenever somebody finds that out.

        :param moves: open invoices of the customer; none makes all of it a credit
        :raise UserError: nothing is free, or an invoice is not open
        """
        self.ensure_one()
        event = self.sudo()
        event.lock_for_update(allow_referencing=True)
        event._check_free()
        event._check_applicable(partner, moves)
        owed = moves._get_open_receivable()
        if event._get_free_lines().filtered(lambda line: not line.partner_id):
            event._give_to_customer(partner, owed)
        lines = event._get_free_lines()
        for account, same in lines.grouped("account_id").items():
            wanted = owed.filtered(
                lambda line, account=account: line.account_id == account
            )
            if wanted:
                (wanted | same).reconcile()
        event.write(
            {
                # what an earlier step paid stays to be undone, too
                "resolution": (
                    "applied" if moves | event.resolution_move_ids else "credit"
                ),
                "resolution_partner_id": partner.id,
                "resolution_move_ids": [fields.Command.link(id_) for id_ in moves.ids],
                "is_credit_kept": False,
            }
        )

    def _pay_invoice(self, move):
        """Pay one invoice, and take the event off the list of what needs a look.

        :raise UserError: the money is another customer's already
        """
        self._check_may_look()
        owner = self.sudo()._get_free_lines().partner_id[:1]
        self._apply(owner or move.commercial_partner_id, move)
        self._mark_seen(move.name)

    def _check_free(self):
        if not self._get_free_lines():
            raise UserError(
                self.env._("Nothing of this payment is free any more. Reload the page.")
            )

    def _check_applicable(self, partner, moves):
        """Raise for invoices that are not open, or another customer's or company's."""
        for move in moves:
            if (
                move.move_type != "out_invoice"
                or move.state != "posted"
                or move.payment_state not in ("not_paid", "partial")
                or move.company_id != self.company_id
                or move.commercial_partner_id != partner.commercial_partner_id
            ):
                raise UserError(
                    self.env._(
                        "%(invoice)s is not an open invoice of %(customer)s. Choose "
                        "another.",
                        invoice=move.display_name,
                        customer=partner.display_name,
                    )
                )

    def _give_to_customer(self, partner, owed):
        """Move what is in suspense to a customer's receivable."""
        event = self.with_company(self.company_id)
        suspense = event._get_free_lines().filtered(lambda line: not line.partner_id)
        customer = partner.with_company(self.company_id).commercial_partner_id
        account = owed[:1].account_id or customer.property_account_receivable_id
        amount = -sum(suspense.mapped("amount_residual"))
        name = event._get_line_name() or event.display_name
        base = {"name": name, "collection_event_id": event.id}
        entry = event._post_entries(
            [
                event._prepare_entry(
                    event.account_id,
                    event.company_id._get_local_date(),
                    [
                        base
                        | {"account_id": suspense.account_id.id, "balance": amount},
                        base
                        | {
                            "account_id": account.id,
                            "partner_id": customer.id,
                            "balance": -amount,
                            "is_collection_receivable": True,
                        },
                    ],
                )
            ]
        )
        (suspense | entry.line_ids.filtered(lambda line: line.balance > 0)).reconcile()

    # === UNDOING ===

    def _undo_by_hand(self):
        """Undo what a person did last; a hook for what else may be done by hand."""
        if not self.resolution:
            raise UserError(
                self.env._("Nothing was done by hand here: nothing to undo.")
            )
        self._undo_resolution()

    def _undo_resolution(self):
        """Free the money of invoices, and put it back where it was.

        Of money that was given to a customer by hand, invoices that used it by
        themselves are freed, too.

        :raise UserError: the customer was paid it back
        """
        self.ensure_one()
        credits = self.posted_line_ids.filtered(
            lambda line: line.balance < 0 and line.is_collection_receivable
        )
        given = credits.filtered(self._is_given_by_hand)
        self._check_not_paid_back(given)
        partials = credits.matched_debit_ids.filtered(
            lambda part: (
                part.debit_move_id.move_id in self.resolution_move_ids
                or part.credit_move_id in given
                and part.debit_move_id.move_id.is_invoice()
            )
        )
        freed = partials.debit_move_id.move_id | self.resolution_move_ids
        partials.unlink()
        # the boleto that no bank knew yet was cancelled when the money came
        freed._issue_wanted_titles(self.company_id._get_local_date())
        given &= self._get_free_lines()
        if given:
            self._take_from_customer(given)
        self.write(
            {
                "resolution": False,
                "resolution_partner_id": False,
                "resolution_move_ids": [fields.Command.clear()],
                "is_credit_kept": False,
            }
        )

    def _check_not_paid_back(self, given):
        """Raise where money that would go back to suspense left the bank again."""
        debits = given.matched_debit_ids.debit_move_id
        for line in debits:
            if not line.move_id.is_invoice() and not line.collection_event_id:
                raise UserError(
                    self.env._(
                        "%(customer)s was paid back by %(payment)s: this cannot be "
                        "undone any more.",
                        customer=line.partner_id.display_name,
                        payment=line.move_id.display_name,
                    )
                )

    def _is_given_by_hand(self, line):
        """Return whether an entry moved the money from suspense to a customer."""
        others = (line.move_id.line_ids - line).filtered("collection_event_id")
        return any(
            other.collection_event_id == self and other.balance > 0 for other in others
        )

    def _take_from_customer(self, given):
        """Put a customer's credit back into suspense."""
        suspense = self.account_id._get_suspense_account()
        name = self.env._("Undone: %(title)s", title=self._get_line_name())
        base = {"name": name, "collection_event_id": self.id}
        amount = -sum(given.mapped("amount_residual"))
        entry = self._post_entries(
            [
                self._prepare_entry(
                    self.account_id,
                    self.company_id._get_local_date(),
                    [
                        base
                        | {
                            "account_id": given.account_id.id,
                            "partner_id": given.partner_id.id,
                            "balance": amount,
                        },
                        base | {"account_id": suspense.id, "balance": -amount},
                    ],
                )
            ]
        )
        (given | entry.line_ids.filtered(lambda line: line.balance > 0)).reconcile()
