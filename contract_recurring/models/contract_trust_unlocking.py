from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools.trust_unlock import UnlockFacts, UnlockRules, unlock_refusal


class ContractContract(models.Model):
    """Service given back for some days to a customer who promises to pay."""

    _inherit = "contract.contract"

    trust_unlock_ids = fields.One2many(
        "contract.trust.unlock", "contract_id", readonly=True
    )
    trust_unlocked_until = fields.Date(
        readonly=True,
        copy=False,
        help="Last day on which a trust unlock holds automatic restrictions back.",
    )

    def _trust_unlock(self, day, origin, reason=None):
        """Hold automatic restrictions back for the days of the policy.

        :param origin: "staff" or "portal"
        :return: the `contract.trust.unlock`
        :raise UserError: refused, in the words of `_get_trust_unlock_refusal`
        """
        self.ensure_one()
        self._check_may_unlock()
        self._lock_for_change()
        refusal = self._get_trust_unlock_refusal(day)
        if refusal:
            raise UserError(refusal)
        until = day + timedelta(days=self._get_trust_unlock_rules().days)
        unlock = (
            self.env["contract.trust.unlock"]
            .sudo()
            .create(self._prepare_trust_unlock(day, until, origin, reason))
        )
        self.sudo().trust_unlocked_until = until
        self.env["contract.event"]._record(
            self,
            "trust_unlock",
            effective_date=day,
            to_state=format_date(self.env, until),
            reason=reason,
        )
        self._refresh_service_state(day)
        return unlock

    def _withdraw_trust_unlock(self, day, reason):
        """Let automatic restrictions hold again from a day on, and at once.

        :raise UserError: nothing is unlocked
        """
        self.ensure_one()
        self._check_may_unlock()
        self._lock_for_change()
        unlock = self._get_running_unlock(day)
        if not unlock:
            raise UserError(
                self.env._(
                    "%(contract)s is not unlocked on trust: there is nothing to "
                    "withdraw.",
                    contract=self.display_name,
                )
            )
        unlock._withdraw(day, reason)
        self.sudo().trust_unlocked_until = False
        self._refresh_service_state(day)

    def _get_running_unlock(self, day):
        """Return the unlock that holds the service open on a day."""
        return self.sudo().trust_unlock_ids.filtered(
            lambda unlock: (
                not unlock.withdrawn_on and unlock.date_from <= day <= unlock.date_until
            )
        )[:1]

    def _get_last_unlock(self):
        """Return the last unlock that held the service open."""
        unlocks = self.sudo().trust_unlock_ids
        return unlocks.filtered(lambda unlock: unlock._get_last_day()).sorted(
            lambda unlock: (unlock.date_from, unlock.id)
        )[-1:]

    def _prepare_trust_unlock(self, day, until, origin, reason):
        moves = self._get_open_overdue_invoices(day)
        return {
            "contract_id": self.id,
            "partner_id": self.partner_id.id,
            "date_from": day,
            "date_until": until,
            "user_id": self.env.uid,
            "origin": origin,
            "reason": reason,
            "move_ids": [fields.Command.set(moves.ids)],
            "amount_open": sum(moves.mapped("amount_residual")),
            "currency_id": self.currency_id.id,
        }

    def _get_open_overdue_invoices(self, day):
        """Return the invoices of the contract that are overdue on a day."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT move_id FROM (%s) invoice "
                "WHERE contract_id = %s AND is_overdue",
                self._open_invoices_sql(day),
                self.id,
            )
        )
        moves = self.env["account.move"].sudo()
        return moves.browse(move_id for (move_id,) in rows)

    def _get_trust_unlock_rules(self):
        """Return the rules that hold for the contract."""
        self.ensure_one()
        company = self.company_id
        return UnlockRules(
            days=company.trust_unlock_days,
            every_days=company.trust_unlock_every_days,
            min_age_days=company.trust_unlock_min_age_days,
        )

    # === REFUSALS ===

    def _get_trust_unlock_refusal(self, day):
        """Return why the contract is not unlocked on a day, in words, or None."""
        self.ensure_one()
        if self.lifecycle_state != "active":
            return self.env._(
                "%(contract)s is not active: there is no service to give back.",
                contract=self.display_name,
            )
        if self.manual_service_level:
            return self.env._(
                "%(contract)s is restricted by hand (%(reason)s). A trust unlock does "
                "not lift that: release it.",
                contract=self.display_name,
                reason=self.manual_service_reason,
            )
        facts = self._get_trust_unlock_facts(day)
        refusal = unlock_refusal(self._get_trust_unlock_rules(), facts, day)
        if not refusal and self.service_origin != "automatic":
            return self.env._(
                "%(contract)s is not restricted: there is nothing to unlock.",
                contract=self.display_name,
            )
        return refusal and self._explain_unlock_refusal(*refusal)

    def _get_trust_unlock_facts(self, day):
        last = self._get_last_unlock()
        return UnlockFacts(
            activated_on=self.date_start,
            last_unlocked_on=last.date_from or None,
            last_unlocked_until=last and last._get_last_day() or None,
            is_promise_broken=bool(last) and last._is_promise_broken(day),
        )

    def _explain_unlock_refusal(self, code, day):
        """Return a refusal of `tools/trust_unlock.py` in words."""
        contract = self.display_name
        date = format_date(self.env, day) if day else False
        last = self._get_last_unlock()
        words = {
            "not_offered": lambda: self.env._(
                "%(contract)s cannot be unlocked on trust: the settings offer no days "
                "for it.",
                contract=contract,
            ),
            "unlocked": lambda: self.env._(
                "%(contract)s is unlocked on trust already, until %(date)s.",
                contract=contract,
                date=date,
            ),
            "promise_broken": lambda: self.env._(
                "%(contract)s was unlocked on trust on %(last)s and %(invoices)s is "
                "still not paid. It can be unlocked again once that is paid.",
                contract=contract,
                last=format_date(self.env, last.date_from),
                invoices=", ".join(last._get_open_moves().mapped("name")),
            ),
            "too_young": lambda: self.env._(
                "%(contract)s is active since %(start)s only. It can be unlocked on "
                "trust from %(date)s on.",
                contract=contract,
                start=format_date(self.env, self.date_start),
                date=date,
            ),
            "too_soon": lambda: self.env._(
                "%(contract)s was unlocked on trust on %(last)s. It can be unlocked "
                "again from %(date)s on.",
                contract=contract,
                last=format_date(self.env, last.date_from),
                date=date,
            ),
        }
        return words[code]()

    def _check_may_unlock(self):
        group = "contract_recurring.group_contract_operator"
        if not (self.env.su or self.env.user.has_group(group)):
            raise AccessError(
                self.env._("Only operators may unlock a contract on trust.")
            )
        self.check_access("write")
