from collections import Counter, defaultdict
from operator import itemgetter
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, groupby, split_every

from ..const import GENERATION_TYPE
from ..tools.bank_calendar import next_bank_day
from ..tools.dunning import HARD_KINDS, DebtFacts, get_due_steps
from ..tools.reminder_days import MOST_DAYS, parse_reminder_days

# Contracts whose debts are read together: queries grow by their number.
SLICE_SIZE = 20_000
CHANNELS = ("email", "sms", "whatsapp")
# What tells one debt from another, first in each row of open invoices.
DEBT_IDS = ("contract_id", "move_id")


class Debt(NamedTuple):
    """An open invoice of one contract, with all that decides on its steps."""

    contract_id: int
    move_id: int
    lifecycle: str
    policy_key: tuple  # policy and what the contract says otherwise
    facts: DebtFacts
    held: dict  # {(step id, offset): (entry id, why it waits)}
    undone: Counter  # {kind: how many steps of it were taken back}


class ContractContract(models.Model):
    """Which steps of dunning are due: read in sets, decided by pure functions."""

    _inherit = "contract.contract"

    @api.model
    def _get_due_steps(self, day, company=None, ids=None):
        """Yield (debt, [DueStep]) of the open invoices that get a step on a day.

        :param company: the company whose contracts are looked at; or else
        :param ids: of the contracts
        """
        policies, decided = {}, {}
        for slice_ids in split_every(SLICE_SIZE, self._get_indebted_ids(company, ids)):
            for facts in self._read_facts(day, list(slice_ids)):
                likeness = self._get_likeness(*facts)
                if likeness in decided and not decided[likeness]:
                    continue
                debt = self._prepare_debt(*facts)
                if likeness not in decided:
                    decided[likeness] = self._decide(debt, policies, day)
                if decided[likeness]:
                    yield debt, decided[likeness]

    @api.model
    def _get_likeness(self, row, entries, notice_days):
        """Return all that decides on the steps of a debt: of thousands due on the same
        day most are alike, and those are decided together."""
        return (
            tuple(row.values())[len(DEBT_IDS) :],
            tuple(entry[1:] for entry in entries),
            tuple(sorted(notice_days.items())),
        )

    @api.model
    def _decide(self, debt, policies, day):
        """Return the [DueStep] of a debt.

        :param policies: {policy key: steps}, filled as they are met
        """
        key = debt.policy_key
        if not key[0]:
            return []
        if key not in policies:
            policies[key] = self._get_steps_of(*key)
        return [
            due
            for due in get_due_steps(debt.facts, policies[key], day)
            if self._is_step_news(debt, due)
        ]

    @api.model
    def _is_step_news(self, debt, due):
        """Return whether a due step changes anything: a contract that is over is
        only reminded, and what the law holds for the same reason waits on. A step
        that was refused is tried again."""
        if debt.lifecycle != "active" and due.step.kind in (
            *HARD_KINDS,
            "block_warning",
            "termination_notice",
        ):
            return debt.lifecycle == "closed" and due.step.kind == "credit_bureau"
        held = debt.held.get((due.step.key, due.offset))
        return not held or not held[1] or held[1] != due.hold

    @api.model
    def _get_indebted_ids(self, company, ids):
        """Return the ids of contracts with open invoices, in order."""
        self._flush_dunning_facts()
        chosen = (
            SQL("contract.id = ANY(%s)", ids)
            if ids is not None
            else SQL("contract.company_id = %s", company.id)
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT contract.id
                  FROM contract_contract contract
                  JOIN contract_charge charge ON charge.contract_id = contract.id
                  JOIN account_move move ON move.id = charge.move_id
                 WHERE %s AND contract.generation_type = %s
                   AND contract.lifecycle_state IN ('active', 'suspended', 'closed')
                   AND charge.partner_id = contract.partner_id
                   AND move.state = 'posted' AND move.move_type = 'out_invoice'
                   AND move.payment_state IN ('not_paid', 'partial')
                 ORDER BY contract.id
                """,
                chosen,
                GENERATION_TYPE,
            )
        )
        return [row[0] for row in rows]

    # === FACTS ===

    @api.model
    def _read_debts(self, day, ids):
        """Return the debts of contracts, in three queries."""
        return [self._prepare_debt(*facts) for facts in self._read_facts(day, ids)]

    @api.model
    def _read_facts(self, day, ids):
        """Return (row, entries, notice days) of each open invoice of contracts."""
        rows = self._read_open_invoices(day, ids)
        move_ids = list({row["move_id"] for row in rows})
        entries = self._read_entries(ids, move_ids)
        notices = self._read_notice_days(move_ids)
        return [
            (
                row,
                entries.get((row["contract_id"], row["move_id"]), ()),
                notices.get(row["move_id"], {}),
            )
            for row in rows
        ]

    @api.model
    def _read_open_invoices(self, day, ids):
        """Return a dict for each open invoice of the contracts, oldest first."""
        self.env.cr.execute(
            SQL(
                """
                SELECT contract.id AS contract_id, move.id AS move_id,
                       move.invoice_date_due AS due_date,
                       contract.lifecycle_state AS lifecycle,
                       CASE WHEN contract.service_state = 'blocked'
                            THEN contract.service_since END AS blocked_on,
                       COALESCE(contract.dunning_policy_id, plan.dunning_policy_id,
                                company.dunning_policy_id) AS policy_id,
                       NULLIF(COALESCE(contract.is_due_notice_enabled,
                                       plan.is_due_notice_enabled), '') AS reminders,
                       company.is_due_notice_enabled AS company_reminders,
                       %(days)s,
                       COALESCE(contract.is_block_warning_enabled,
                                plan.is_block_warning_enabled) AS block_warning,
                       contract.is_auto_block IS NOT FALSE
                       AND plan.is_auto_block IS NOT FALSE AS is_auto_block,
                       COALESCE(NULLIF(contract.reduce_tolerance_days, 0),
                                plan.reduce_tolerance_days, 0) AS reduce_tolerance,
                       COALESCE(NULLIF(contract.block_tolerance_days, 0),
                                plan.block_tolerance_days, 0) AS block_tolerance,
                       GREATEST(contract.trust_unlocked_until,
                                contract.block_exempt_until) AS held_back_until
                  FROM (SELECT DISTINCT contract_id, move_id, partner_id
                          FROM contract_charge
                         WHERE contract_id = ANY(%(ids)s) AND move_id IS NOT NULL
                       ) AS charge
                  JOIN contract_contract contract ON contract.id = charge.contract_id
                  JOIN res_company company ON company.id = contract.company_id
                  JOIN account_move move ON move.id = charge.move_id
                  LEFT JOIN contract_template plan
                    ON plan.id = contract.contract_template_id
                 WHERE charge.partner_id = contract.partner_id
                   AND move.state = 'posted' AND move.move_type = 'out_invoice'
                   AND move.payment_state IN ('not_paid', 'partial')
                   AND move.invoice_date_due <= %(day)s::date + %(horizon)s
                 ORDER BY contract.id, move.invoice_date_due, move.id
                """,
                days=SQL(", ").join(map(self._get_days_sql, CHANNELS)),
                ids=ids,
                day=day,
                horizon=MOST_DAYS,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _get_days_sql(self, channel):
        """Return the column of the contract's own reminder days, or its plan's."""
        name = f"{channel}_notice_days"
        return SQL(
            "COALESCE(NULLIF(contract.%(name)s, ''), NULLIF(plan.%(name)s, ''),"
            " NULLIF(company.%(name)s, '')) AS %(name)s",
            name=SQL.identifier(name),
        )

    @api.model
    def _read_entries(self, ids, move_ids):
        """Return {(contract id, invoice id): [(entry id, step, offset, kind, date,
        state, hold)]} of the steps taken, held or undone."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contract_id, move_id, id, step_id, offset_days, kind, date,
                       state, hold
                  FROM contract_dunning_entry
                 WHERE contract_id = ANY(%s) AND move_id = ANY(%s)
                 ORDER BY contract_id, move_id, id
                """,
                ids,
                move_ids,
            )
        )
        return {
            key: [row[2:] for row in same_debt]
            for key, same_debt in groupby(rows, itemgetter(0, 1))
        }

    @api.model
    def _read_notice_days(self, move_ids):
        """Return {invoice id: {kind: first day a notice of it is proven for}}."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_id, kind, MIN(noticed_on)
                  FROM (%s) AS proven
                 WHERE move_id = ANY(%s)
                 GROUP BY move_id, kind
                """,
                self._proven_notices_sql(),
                move_ids,
            )
        )
        days = defaultdict(dict)
        for move_id, kind, day in rows:
            days[move_id][kind] = day
        return days

    @api.model
    def _proven_notices_sql(self):
        """Return the query of the notices the law asks for that are proved to be
        sent: move_id, kind, noticed_on.

        A notice whose step was undone spoke of a debt that was not overdue.
        """
        return SQL(
            """
            SELECT rel.move_id, notice.kind, notice.noticed_on
              FROM contract_notice notice
              JOIN contract_notice_move_rel rel ON rel.notice_id = notice.id
             WHERE notice.is_valid_notice
               AND notice.kind IN ('notice', 'termination_notice')
               AND NOT EXISTS (
                   SELECT FROM contract_dunning_entry undone
                    WHERE undone.notice_id = notice.id
                      AND undone.state = 'undone')
               AND NOT EXISTS (
                   SELECT FROM contract_dunning_entry undone
                    WHERE undone.notice_id = notice.resent_from_id
                      AND undone.state = 'undone')
            """
        )

    @api.model
    def _prepare_debt(self, row, entries, notice_days):
        done = [entry for entry in entries if entry[5] == "done"]
        facts = DebtFacts(
            due_date=row["due_date"],
            payable_until=next_bank_day(row["due_date"]),
            noticed_on=notice_days.get("notice"),
            warned_on=notice_days.get("termination_notice"),
            blocked_on=row["blocked_on"],
            held_back_until=row["held_back_until"],
            is_auto_block=row["is_auto_block"],
            is_reduction_gated=self._is_reduction_gated(row["policy_id"]),
            reduce_tolerance_days=row["reduce_tolerance"],
            block_tolerance_days=row["block_tolerance"],
            taken=frozenset((entry[1], entry[2]) for entry in done),
        )
        return Debt(
            row["contract_id"],
            row["move_id"],
            row["lifecycle"],
            self._get_policy_key(row),
            facts,
            {(e[1], e[2]): (e[0], e[6]) for e in entries if e[5] == "held"},
            Counter(entry[3] for entry in entries if entry[5] == "undone"),
        )

    # === POLICIES ===

    @api.model
    def _is_reduction_gated(self, policy_id):
        policy = self.env["contract.dunning.policy"].sudo().browse(policy_id)
        return not policy or policy.is_reduction_gated

    @api.model
    def _get_policy_key(self, row):
        """Return what decides on the steps of a contract: its policy, whether it
        is reminded and warned, and its own days on each channel."""
        reminders = row["reminders"] or row["company_reminders"] or "yes"
        return (
            row["policy_id"],
            reminders == "yes",
            row["block_warning"] != "no",
            *(row[f"{channel}_notice_days"] for channel in CHANNELS),
        )

    @api.model
    def _get_steps_of(self, policy_id, is_reminded, is_warned, *own_days):
        """Return the steps of a policy as they are for one kind of contract."""
        policy = self.env["contract.dunning.policy"].sudo().browse(policy_id)
        days = dict(zip(CHANNELS, own_days, strict=True))
        by_key = {step.id: step for step in policy.step_ids}
        steps = []
        for pure in policy._get_pure_steps():
            own = days.get(by_key[pure.key].channel)
            if pure.kind == "reminder" and own:
                pure = pure._replace(offsets=parse_reminder_days(own))
            is_left_out = (pure.kind == "reminder" and not is_reminded) or (
                pure.kind == "block_warning" and not is_warned
            )
            if not is_left_out:
                steps.append(pure)
        return tuple(steps)

    @api.model
    def _flush_dunning_facts(self):
        """Write what the queries here read."""
        self._flush_service_facts()
        self.flush_model()
        self.env["contract.template"].flush_model()
        self.env["res.company"].flush_model()
        self.env["contract.notice"].flush_model()
