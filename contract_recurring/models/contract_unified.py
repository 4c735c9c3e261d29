from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

# What the contracts on one invoice have in common.
SHARED_FIELDS = ("company_id", "currency_id", "journal_id", "fiscal_position_id")


class ContractContract(models.Model):
    """Joining and leaving a unified billing.

    The contracts keep their own lines, periods and charges; they share the due
    day, and from a due date on the invoice.
    """

    _inherit = "contract.contract"

    billing_group_id = fields.Many2one(
        "contract.billing.group",
        string="Unified Billing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
    )
    unified_from = fields.Date(
        string="Unified Since",
        readonly=True,
        copy=False,
        help="What is due from this day on is billed together (S004-51).",
    )

    @api.constrains("billing_group_id", "partner_id")
    def _check_billing_group_customer(self):
        for contract in self.filtered("billing_group_id"):
            group = contract.billing_group_id
            if (
                contract.partner_id.commercial_partner_id
                != group.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(contract)s is billed together with contracts of "
                        "%(customer)s. Take it out of the unified billing first.",
                        contract=contract.display_name,
                        customer=group.partner_id.display_name,
                    )
                )

    # === ACTIONS ===

    def action_leave_unified(self):
        for contract in self:
            contract._leave_unified()

    # === BUSINESS ===

    def _unify(self, date_from, due_day, today, reason=None):
        """Bill these contracts together from a day on, with one due day.

        Where one of them is in a unified billing already, the others join it.

        :return: the `contract.billing.group`
        """
        self._check_may_unify()
        for contract in self:
            contract._lock_for_change()
        self._check_unification(date_from, due_day, today)
        group = self.billing_group_id or self._create_billing_group(due_day)
        group.sudo().due_day = due_day
        for contract in self | group.contract_ids:
            contract._take_due_day(due_day, reason)
        for contract in self.filtered(lambda c: not c.billing_group_id):
            contract.sudo().write(
                {"billing_group_id": group.id, "unified_from": date_from}
            )
            self.env["contract.event"]._record(
                contract,
                "unification",
                effective_date=date_from,
                to_state=group.name,
                reason=reason,
            )
        return group

    def _create_billing_group(self, due_day):
        first = self[0]
        return (
            self.env["contract.billing.group"]
            .sudo()
            .create(
                {
                    "company_id": first.company_id.id,
                    "partner_id": first.partner_id.commercial_partner_id.id,
                    "invoice_partner_id": first._get_billed_partner().id,
                    "due_day": due_day,
                }
            )
            .with_env(self.env)
        )

    def _get_billed_partner(self):
        self.ensure_one()
        return self.invoice_partner_id or self.partner_id

    def _take_due_day(self, due_day, reason):
        self.ensure_one()
        if self.due_day == due_day:
            return
        if self.lifecycle_state in ("draft", "waiting"):
            self.due_day = due_day
        else:
            self._change_due_day(due_day, reason=reason)

    def _leave_unified(self, reason=None):
        """Bill the contract by itself again; issued invoices stay as they are."""
        self.ensure_one()
        self._check_may_unify()
        group = self.billing_group_id
        if not group:
            raise UserError(
                self.env._(
                    "%(contract)s is billed by itself already.",
                    contract=self.display_name,
                )
            )
        self._lock_for_change()
        self.sudo().write({"billing_group_id": False, "unified_from": False})
        group._archive_empty()
        self.env["contract.event"]._record(
            self, "unification", from_state=group.name, reason=reason
        )

    def _set_holder(self, partner):
        """Another customer's contract is billed by itself."""
        if self.billing_group_id:
            self._leave_unified(self.env._("Another holder"))
        return super()._set_holder(partner)

    # === WHO IS BILLED TOGETHER ===

    def _is_unified_on(self, due_date):
        self.ensure_one()
        return bool(self.billing_group_id) and self.unified_from <= due_date

    def _get_biller(self, due_date):
        if self._is_unified_on(due_date):
            return self.billing_group_id
        return super()._get_biller(due_date)

    def _get_billed_together(self, due_date):
        contract = super()._get_billed_together(due_date)
        if not self._is_unified_on(due_date):
            return contract
        others = self.billing_group_id.contract_ids.filtered(
            lambda c: (
                c._is_unified_on(due_date)
                and c.lifecycle_state in ("active", "suspended", "closed")
            )
        )
        return contract | others

    def _lock_billed_together(self):
        for contract in self.billing_group_id.contract_ids.sorted("id"):
            contract._lock_for_change()
        return super()._lock_billed_together()

    # === CHECKS ===

    def _check_may_unify(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "contract_recurring.group_contract_operator"
        ):
            raise AccessError(
                self.env._("You may not change how contracts are billed.")
            )

    def _check_unification(self, date_from, due_day, today):
        if len(self) < 2:
            raise UserError(self.env._("Choose two or more contracts of a customer."))
        if not 1 <= due_day <= 31:
            raise UserError(self.env._("The due day must lie between 1 and 31."))
        if date_from < today:
            raise UserError(
                self.env._(
                    "What was due before %(today)s is billed already. Choose today "
                    "or a later day.",
                    today=format_date(self.env, today),
                )
            )
        self._check_same_customer()
        for contract in self:
            if contract.lifecycle_state in ("closed", "deactivated"):
                raise UserError(
                    self.env._(
                        "%(contract)s is cancelled and is not billed any more.",
                        contract=contract.display_name,
                    )
                )

    def _check_same_customer(self):
        if len(self.partner_id.commercial_partner_id) > 1:
            raise UserError(
                self.env._(
                    "These contracts are of several customers. Choose those of one."
                )
            )
        if len(self.billing_group_id) > 1:
            raise UserError(
                self.env._(
                    "These contracts are in several unified billings. Take them out "
                    "of all but one first."
                )
            )
        for name in SHARED_FIELDS:
            if len({contract[name] for contract in self}) > 1:
                raise UserError(
                    self.env._(
                        "These contracts differ in “%(field)s”: make it the same "
                        "before billing them together.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
