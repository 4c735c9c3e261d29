from odoo import fields, models
from odoo.exceptions import AccessError, UserError

GROUP_RESTRICT = "contract_recurring.group_contract_restrict"


class ContractContract(models.Model):
    """Service restricted by a person, until a person lifts it (S004-05, 07)."""

    _inherit = "contract.contract"

    manual_service_level = fields.Selection(
        [("reduced", "Reduced"), ("blocked", "Blocked")],
        string="Restricted by Hand",
        readonly=True,
        copy=False,
    )
    manual_service_since = fields.Date(readonly=True, copy=False)
    manual_service_reason = fields.Char(
        string="Why Restricted", readonly=True, copy=False
    )

    def _restrict_service(self, level, reason, day):
        """Reduce or block the service from a day on, whatever is owed or paid.

        :param level: "reduced" or "blocked"
        :raise UserError: no reason, not active, or restricted so already
        """
        self.ensure_one()
        self._check_may_restrict()
        self._lock_for_change()
        self._check_active()
        self._check_restriction_reason(reason)
        if self.manual_service_level == level:
            raise UserError(
                self.env._(
                    "%(contract)s is “%(level)s” by hand already: %(reason)s.",
                    contract=self.display_name,
                    level=self._describe_service(level),
                    reason=self.manual_service_reason,
                )
            )
        self.sudo().write(
            {
                "manual_service_level": level,
                "manual_service_since": day,
                "manual_service_reason": reason.strip(),
            }
        )
        return self._refresh_service_state(day)

    def _release_service(self, reason, day):
        """Lift what a person restricted; what is overdue counts again.

        :raise UserError: no reason, or nobody restricted it
        """
        self.ensure_one()
        self._check_may_restrict()
        self._lock_for_change()
        self._check_restriction_reason(reason)
        if not self.manual_service_level:
            raise UserError(self._explain_no_manual_restriction())
        self._forget_manual_restriction()
        contract = self.with_context(service_release_reason=reason.strip())
        return contract._refresh_service_state(day)

    def _explain_no_manual_restriction(self):
        self.ensure_one()
        if self.service_origin == "automatic":
            return self.env._(
                "%(contract)s is “%(level)s” for an overdue invoice, not by hand. It "
                "is restored by the payment, or for some days by a trust unlock.",
                contract=self.display_name,
                level=self._describe_service(self.service_state),
            )
        return self.env._(
            "%(contract)s is not restricted: there is nothing to release.",
            contract=self.display_name,
        )

    def _forget_manual_restriction(self):
        self.filtered("manual_service_level").sudo().write(
            {
                "manual_service_level": False,
                "manual_service_since": False,
                "manual_service_reason": False,
            }
        )

    # === CHECKS ===

    def _check_may_restrict(self):
        if not (self.env.su or self.env.user.has_group(GROUP_RESTRICT)):
            raise AccessError(
                self.env._(
                    "Only those with the permission “Contracts: restrict service” may "
                    "reduce, block or release a contract."
                )
            )
        self.check_access("write")

    def _check_restriction_reason(self, reason):
        if not (reason and reason.strip()):
            raise UserError(
                self.env._("Say why: the reason is kept in the contract's history.")
            )
