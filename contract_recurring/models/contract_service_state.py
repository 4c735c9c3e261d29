from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, split_every

from ..const import GENERATION_TYPE, SERVICE_REASONS
from ..tools.bank_calendar import last_bank_day_before
from ..tools.billing_calendar import ONE_DAY
from ..tools.service_state import Override, Restriction, ServiceFacts, service_state

# Written by the methods of this and the files beside it alone.
SERVICE_FIELDS = {
    "service_state",
    "service_origin",
    "service_reason",
    "service_since",
    "service_until",
    "overdue_state",
    "manual_service_level",
    "manual_service_since",
    "manual_service_reason",
    "trust_unlocked_until",
}
RESTRICTING_KINDS = {"reduce": "reduced", "block": "blocked"}
BATCH_SIZE = 1000


class ContractContract(models.Model):
    """What service the contract gets: calculated from facts, kept with events."""

    _inherit = "contract.contract"

    service_state = fields.Selection(
        [
            ("full", "Full"),
            ("reduced", "Reduced"),
            ("blocked", "Blocked"),
            ("none", "No service"),
        ],
        string="Service",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    service_origin = fields.Selection(
        [("automatic", "Automatic"), ("manual", "Manual")],
        string="Restricted By",
        readonly=True,
        copy=False,
    )
    service_reason = fields.Selection(
        SERVICE_REASONS,
        string="Reason of the Service",
        readonly=True,
        copy=False,
    )
    service_since = fields.Date(
        readonly=True, copy=False, help="First day of the present service."
    )
    service_until = fields.Date(
        readonly=True,
        copy=False,
        help="Last day of the present service, where time alone ends it.",
    )

    _service_windows = models.Index("(service_until) WHERE service_until IS NOT NULL")

    @api.model
    def _check_no_step(self, vals):
        if SERVICE_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("The service of a contract changes by its buttons alone.")
            )
        return super()._check_no_step(vals)

    # === FACTS ===

    def _get_service_facts(self, day):
        """Return {contract: ServiceFacts} on a day, in a fixed number of queries."""
        restrictions = self._read_restrictions(day)
        return {
            contract: contract._prepare_service_facts(restrictions.get(contract.id, ()))
            for contract in self
        }

    def _prepare_service_facts(self, restrictions):
        self.ensure_one()
        level = self.manual_service_level
        return ServiceFacts(
            lifecycle=self.lifecycle_state,
            restrictions=tuple(restrictions),
            manual=level
            and Override(level, self.manual_service_since, self.manual_service_reason),
            block_exempt_until=self.block_exempt_until or None,
            trust_unlocked_until=self.trust_unlocked_until or None,
            auto_block=self._is_restricted_by_itself(),
        )

    def _read_restrictions(self, day):
        """Return {contract id: [Restriction]} of open invoices overdue on a day.

        A paid invoice's steps stop counting by themselves; so do those of a
        former holder's invoices.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.contract_id, entry.kind, MIN(entry.date)
                  FROM contract_dunning_entry entry
                 WHERE entry.contract_id = ANY(%s) AND entry.state = 'done'
                   AND entry.kind = ANY(%s)
                   AND EXISTS (
                       SELECT FROM (%s) invoice
                        WHERE invoice.contract_id = entry.contract_id
                          AND invoice.move_id = entry.move_id
                          AND invoice.is_overdue)
                 GROUP BY entry.contract_id, entry.kind
                """,
                self.ids,
                list(RESTRICTING_KINDS),
                self._open_invoices_sql(day),
            )
        )
        restrictions = {}
        for contract_id, kind, since in rows:
            restriction = Restriction(RESTRICTING_KINDS[kind], since)
            restrictions.setdefault(contract_id, []).append(restriction)
        return restrictions

    @api.model
    def _open_invoices_sql(self, day):
        """Return the query of the open invoices of contracts: contract_id, move_id,
        is_overdue. An invoice is overdue once the first bank day on which it can
        be paid in time is over (Lei 7.089/1983).
        """
        self._flush_service_facts()
        return SQL(
            """
            SELECT charge.contract_id, charge.move_id,
                   move.invoice_date_due <= %s AS is_overdue
              FROM contract_charge charge
              JOIN account_move move ON move.id = charge.move_id
              JOIN contract_contract contract ON contract.id = charge.contract_id
             WHERE move.state = 'posted' AND move.move_type = 'out_invoice'
               AND move.payment_state IN ('not_paid', 'partial')
               AND charge.partner_id = contract.partner_id
            """,
            last_bank_day_before(day),
        )

    @api.model
    def _flush_service_facts(self):
        """Write what the queries here read."""
        self.flush_model(["partner_id", "overdue_state", "lifecycle_state"])
        self.env["contract.charge"].flush_model(
            ["contract_id", "move_id", "partner_id"]
        )
        self.env["contract.dunning.entry"].flush_model()
        self.env["account.move"].flush_model(
            ["state", "move_type", "payment_state", "invoice_date_due"]
        )

    # === APPLICATION ===

    def _refresh_service_state(self, day):
        """Let the stored service follow the facts on a day.

        What differs is written with an event and told outside by a job.

        :return: the contracts whose service changed
        """
        contracts = self.sudo()
        contracts._refresh_overdue_state(day)
        services = {
            contract: service_state(facts, day)
            for contract, facts in contracts._get_service_facts(day).items()
        }
        return contracts._apply_service_state(services, day).with_env(self.env)

    @api.model
    def _apply_service_state(self, services, day):
        """Write services where they differ from the stored ones.

        :param services: {contract: Service}
        :return: the contracts of which the state, its origin or reason changed
        """
        changes = {}
        by_values = {}
        for contract, service in services.items():
            stored = contract._get_stored_service()
            if stored == service:
                continue
            values = {"service_until": service.until}
            if stored[:3] != service[:3]:
                since = contract._get_service_start(service, day)
                values |= self._prepare_service_values(service, since)
                changes[contract] = (service, since)
            key = tuple(values.items())
            by_values.setdefault(key, self.browse())
            by_values[key] |= contract
        self.env["contract.event"].sudo().create(self._prepare_service_events(changes))
        for values, contracts in by_values.items():
            contracts.write(dict(values))
        changed = self.browse().union(*changes)
        # in memory the new events come last, in the database first
        changed.invalidate_recordset(["event_ids"])
        changed._queue_service_state()
        return changed

    def _get_stored_service(self):
        """Return the stored service as the pure function would."""
        self.ensure_one()
        return (
            self.service_state,
            self.service_origin or None,
            self.service_reason or None,
            self.service_until or None,
        )

    @api.model
    def _prepare_service_values(self, service, since):
        return {
            "service_state": service.state,
            "service_origin": service.origin,
            "service_reason": service.reason_code,
            "service_since": since,
        }

    def _get_service_start(self, service, day):
        """Return the first day of a service: a window that ended by time, ended
        on its own day, not when somebody looked."""
        self.ensure_one()
        if not self.service_until or self.service_until >= day:
            return day
        start = self.service_until + ONE_DAY
        facts = self._get_service_facts(day)[self]
        return start if service_state(facts, start)[:3] == service[:3] else day

    @api.model
    def _prepare_service_events(self, changes):
        """Return the values of one event for each change; revenue stays as it is.

        :param changes: {contract: (Service, first day)}
        """
        revenues = self.browse().union(*changes)._read_told_revenue()
        return [
            contract._prepare_service_event(service, since)
            | {
                "mrr_before": revenues.get(contract, 0.0),
                "mrr_after": revenues.get(contract, 0.0),
            }
            for contract, (service, since) in changes.items()
        ]

    def _read_told_revenue(self):
        """Return {contract: monthly amount as its events tell it}."""
        return dict(
            self.env["contract.event"]
            .sudo()
            ._read_group(
                [("contract_id", "in", self.ids)],
                ["contract_id"],
                ["mrr_change:sum"],
            )
        )

    def _prepare_service_event(self, service, day):
        self.ensure_one()
        manual = service.origin == "manual" and self.manual_service_reason
        reason = self.env.context.get("service_release_reason") or manual
        return {
            "contract_id": self.id,
            "partner_id": self.partner_id.id,
            "kind": "service_state",
            "user_id": self.env.user.id,
            "effective_date": day,
            "from_state": self.service_state,
            "to_state": service.state,
            "service_reason": service.reason_code,
            "reason": reason,
            "currency_id": self.currency_id.id,
        }

    # === WHO IS TOLD ===

    def _queue_service_state(self):
        """Queue what makes the service known outside: one job for each contract
        that waits, however often the service changes until it runs."""
        if self.env.context.get("service_preview"):
            return
        for contract in self:
            contract.with_delay(
                channel="root.contract.service",
                identity_key=f"contract_service_state-{contract.id}",
                description=self.env._("Service of %s", contract.code),
            )._tell_service_state()

    def _tell_service_state(self):
        """Make the present service known outside; other addons add to it.

        It reads the state as it is when the job runs, so running twice, or
        late, does no harm.
        """
        self.ensure_one()

    # === CRONS ===

    @api.model
    def _cron_refresh_service_state(self, today=None):
        """Follow what time alone changes: windows that ended, invoices overdue.

        It also puts right what two transactions at the same moment may have
        left, such as a payment while the block was being written.

        :param today: the day to follow, the companies' own where none is given
        """
        found = self.with_context(active_test=False)._read_group(
            [("generation_type", "=", GENERATION_TYPE)],
            ["company_id"],
            ["id:recordset"],
        )
        for company, contracts in found:
            day = today or company._get_local_date()
            contracts._refresh_overdue_state(day)
            stale = contracts._get_stale_services(day)
            for ids in split_every(BATCH_SIZE, stale.ids):
                self.browse(ids)._refresh_service_state(day)

    def _get_stale_services(self, day):
        """Return those whose service may be another than the stored one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT contract.id
                  FROM contract_contract contract
                 WHERE contract.id = ANY(%s) AND (
                       contract.service_until < %s
                    OR contract.service_origin = 'automatic'
                    OR (contract.lifecycle_state = 'active')
                       <> (contract.service_state <> 'none')
                    OR contract.overdue_state IN ('restricted', 'terminating'))
                """,
                self.ids,
                day,
            )
        )
        return self.browse(contract_id for (contract_id,) in rows)
