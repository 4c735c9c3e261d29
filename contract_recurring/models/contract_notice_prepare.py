import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.queue_job.exception import RetryableJobError

from ..const import LEGAL_NOTICE_KINDS, NOTICE_CHANNELS
from ..permission import check_permission
from ..tools.billing_calendar import ONE_DAY
from ..tools.dunning import LEGAL_NOTICE_DAYS

LEGAL_TIME_ZONE = pytz.timezone("America/Sao_Paulo")
RESENDABLE_STATES = ("failed", "uncertain", "skipped")
# Of a notice that goes to a channel the customer refused.
FORCED = {"is_forced": True}
# Seconds until a job tries again what another one is preparing at this moment.
COLLISION_RETRY_S = 5


class ContractNotice(models.Model):
    """Preparing notices: whom, by which channel, with which words."""

    _inherit = "contract.notice"

    move_names = fields.Char(string="Invoice Numbers", compute="_compute_move_facts")
    reference_months = fields.Char(compute="_compute_move_facts")
    days_overdue = fields.Integer(compute="_compute_days_overdue")
    company_name = fields.Char(compute="_compute_company_words")
    company_contact = fields.Char(compute="_compute_company_words")

    # === COMPUTES: what texts may say ===

    @api.depends("move_ids.name", "move_ids.invoice_date_due")
    def _compute_move_facts(self):
        for notice in self:
            moves = notice.move_ids.sorted("invoice_date_due")
            months = [
                format_date(self.env, due, date_format="MM/yyyy")
                for due in moves.mapped("invoice_date_due")
                if due
            ]
            notice.move_names = ", ".join(filter(None, moves.mapped("name")))
            notice.reference_months = ", ".join(dict.fromkeys(months))

    @api.depends("date", "due_date")
    def _compute_days_overdue(self):
        for notice in self:
            due = notice.due_date or notice.date
            notice.days_overdue = max((notice.date - due).days, 0) if due else 0

    @api.depends("company_id")
    def _compute_company_words(self):
        for notice in self:
            company = notice.company_id.sudo()
            notice.company_name = company.partner_id.legal_name or company.name
            notice.company_contact = ", ".join(
                filter(None, (company.phone, company.email))
            )

    # === PREPARING ===

    @api.model
    def _get_legal_date(self, moment=None):
        """Return the date in São Paulo of a moment in UTC, now by default."""
        moment = moment or fields.Datetime.now()
        return pytz.utc.localize(moment).astimezone(LEGAL_TIME_ZONE).date()

    @api.model
    def _prepare_notices(self, requests):
        """Write notices and return them in the order asked; nothing is sent.

        The same key twice gives the same notice. A customer without address
        on the channel, or who refuses it, is told on the next one; whom none
        reaches gets a notice “not sent” that says why. What brings a boleto that
        cannot be paid yet waits (`_add_waits`).

        :param requests: list of dicts with contract_id, move_ids, kind,
            template_id (none: the first of the kind), channel, key, and if they
            apply day (São Paulo date), effective_date, step_id and unreached
            (addresses that are only tried where there is no other)
        :raise RetryableJobError: in a job, while another prepares the same
        """
        by_key = {}
        for request in requests:
            by_key.setdefault(request["key"], request)
        known = self.sudo().search([("key", "in", list(by_key))]).grouped("key")
        fresh = [request for key, request in by_key.items() if key not in known]
        known.update(self._write_notices(fresh).grouped("key"))
        return self.browse(known[key].id for key in by_key)

    @api.model
    def _write_notices(self, requests):
        if not requests:
            return self.browse()
        vals_list = self._prepare_vals_list(requests)
        self._add_waits(requests, vals_list)
        try:
            with self.env.cr.savepoint():
                notices = self.sudo().create(vals_list)
        except psycopg2.errors.UniqueViolation as error:
            if not self.env.context.get("job_uuid"):
                raise
            raise RetryableJobError(
                "another job prepares the same notices", seconds=COLLISION_RETRY_S
            ) from error
        for template, same_text in notices.grouped("template_id").items():
            template._fill(same_text)
        return notices

    @api.model
    def _prepare_vals_list(self, requests):
        """Return the values of the notices; queries do not grow with them."""
        contracts = self.env["contract.contract"].sudo()
        contracts = contracts.browse({request["contract_id"] for request in requests})
        moves = self.env["account.move"].sudo()
        moves = moves.browse({i for request in requests for i in request["move_ids"]})
        by_id = {contract.id: contract for contract in contracts}
        move_by_id = {move.id: move for move in moves}
        today = self._get_legal_date()
        return [
            self._prepare_vals(
                {"day": today, **request},
                by_id[request["contract_id"]],
                [move_by_id[move_id] for move_id in request["move_ids"]],
            )
            for request in requests
        ]

    @api.model
    def _prepare_vals(self, request, contract, moves):
        """Return the values of one notice, its text left out.

        :param moves: list of the invoices it speaks of
        """
        template = self._get_template(request, contract)
        partner = contract.invoice_partner_id or contract.partner_id
        kind, day = request["kind"], request["day"]
        dues = [move.invoice_date_due for move in moves if move.invoice_date_due]
        return {
            "contract_id": contract.id,
            "move_ids": [Command.set([move.id for move in moves])],
            "partner_id": partner.id,
            "company_id": contract.company_id.id,
            "currency_id": contract.currency_id.id,
            "kind": kind,
            "template_id": template.id,
            "requested_channel": request["channel"],
            "amount": sum(move.amount_residual for move in moves),
            "due_date": min(dues, default=False),
            "date": day,
            "effective_date": request.get("effective_date")
            or (kind == "notice" and day + LEGAL_NOTICE_DAYS * ONE_DAY),
            "key": request["key"],
            **{
                name: request[name] for name in self._get_passed_on() if name in request
            },
            **self.with_company(contract.company_id)._plan_channel(
                request["channel"], partner, template, request.get("unreached", ())
            ),
        }

    @api.model
    def _get_passed_on(self):
        """Return what a request may say that goes to the notice as it is."""
        return ["resent_from_id"]

    @api.model
    def _get_template(self, request, contract):
        """Return the text asked for, or the first of its kind."""
        templates = self.env["contract.notice.template"].sudo()
        if request.get("template_id"):
            return templates.browse(request["template_id"])
        return templates._find(request["kind"], contract.company_id)

    # === WHICH CHANNEL ===

    @api.model
    def _plan_channel(self, requested, partner, template, unreached=()):
        """Return channel, address and state of a notice to a customer.

        Channels a customer refused come last, and only for what the law asks;
        where nothing else is left, an address not reached before is tried again.
        """
        problems, refused, again = [], [], []
        for channel in self._get_channels(requested):
            driver = self.env[f"contract.notice.channel.{channel}"]
            problem, address = self._check_channel(channel, driver, partner, template)
            if problem:
                problems.append(problem)
                continue
            plan = {"channel": channel, "recipient": address}
            is_reached = not set(address.split(", ")) <= set(unreached)
            if partner[f"is_{channel}_notice_refused"]:
                problems.append(driver._get_refused_words())
                if template.kind in LEGAL_NOTICE_KINDS:
                    (refused if is_reached else again).append(plan | FORCED)
            elif is_reached:
                return plan
            else:
                again.append(plan)
        left = refused + again
        return left[0] if left else self._prepare_skipped(requested, problems)

    @api.model
    def _prepare_skipped(self, requested, problems):
        words = "; ".join(problems)
        return {
            "channel": requested,
            "state": "skipped",
            "error": words[:1].upper() + words[1:],
        }

    @api.model
    def _get_channels(self, requested):
        return [requested, *(c for c in NOTICE_CHANNELS if c != requested)]

    @api.model
    def _check_channel(self, channel, driver, partner, template):
        """Return (why not, None) or (None, address)."""
        if not template._has_text_for(channel):
            return self._get_no_text_words(channel), None
        if not driver._is_ready():
            return driver._get_not_ready_words(), None
        address = driver._get_address(partner)
        return (None, address) if address else (driver._get_missing_words(), None)

    @api.model
    def _get_no_text_words(self, channel):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        return self.env._("no text for %(channel)s", channel=labels[channel])

    # === ACTIONS ===

    def action_resend(self):
        """Send again what failed, what is uncertain or reached nobody.

        Another notice is made, with today's text and address; the first stays.
        """
        self._check_may_resend()
        notices = self.sudo()._prepare_notices(
            [notice._prepare_repetition() for notice in self]
        )
        notices._queue()
        return notices._get_list_action()

    def _check_may_resend(self):
        group = "contract_recurring.group_notice_resend"
        check_permission(self.env, group)
        for notice in self:
            if notice.resent_ids or notice.state not in RESENDABLE_STATES:
                raise UserError(
                    self.env._(
                        "“%(notice)s” need not be sent again: only what failed, is "
                        "uncertain or was not sent, and once each.",
                        notice=notice.display_name,
                    )
                )

    def _prepare_repetition(self):
        again = {"key": f"{self.key}/again", "resent_from_id": self.id}
        return self._prepare_request() | again

    def _prepare_request(self):
        """Return the request this notice was made of (`_prepare_notices`)."""
        self.ensure_one()
        passed_on = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._get_passed_on()
        }
        return passed_on | {
            "contract_id": self.contract_id.id,
            "move_ids": self.move_ids.ids,
            "kind": self.kind,
            "template_id": self.template_id.id,
            "channel": self.requested_channel,
            "key": self.key,
            "unreached": self._get_unreached(),
        }

    def _get_list_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.contract_notice_action"
        )
        if len(self) == 1:
            return {
                **action,
                "view_mode": "form",
                "views": [(False, "form")],
                "res_id": self.id,
            }
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}
