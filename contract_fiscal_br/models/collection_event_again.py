from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import groupby

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

# Days that two ways to the bank may differ in dating the same payment.
NEAR = 7
# Outcomes of what tells of money and was not posted.
HELD_OUTCOMES = ("told_again", "unknown_occurrence")


class CollectionEvent(models.Model):
    """Payments told again: the same one, or a second that looks just like it.

    The same payment comes by file and by API, and in files that overlap. A boleto paid
    twice on one day may come in two files, too. What is surely the same is kept out;
    what may be another payment is held and a person compares it with the statement.
    """

    _inherit = "collection.event"

    also_told_as = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="How another way to the bank identifies the same payment.",
    )
    again_of_id = fields.Many2one(
        "collection.event", string="Told Before", readonly=True, index="btree_not_null"
    )
    is_held = fields.Boolean(compute="_compute_is_held")

    @api.depends("outcome", "paid")
    def _compute_is_held(self):
        for event in self:
            event.is_held = event._is_held()

    def _is_held(self):
        """Return whether the bank tells of money that was not posted."""
        self.ensure_one()
        return bool(self.paid and self.outcome in HELD_OUTCOMES)

    # === RECEIVING ===

    @api.model
    def _get_known(self, account, identities):
        known = super()._get_known(account, identities)
        others = self.search_fetch(
            [("account_id", "=", account.id), ("also_told_as", "in", identities)],
            ["also_told_as"],
        )
        return known | set(others.mapped("also_told_as"))

    @api.model
    def _prepare_held(self, vals, before):
        """Return the values of an event that waits for a person to compare."""
        held = vals | {
            "kind": "other",
            "state": "done",
            "outcome": "told_again",
            "needs_look": True,
            "again_of_id": before.id,
        }
        # nobody paid early or late by it yet
        held.pop("delay_days", None)
        return held

    # === FILE AND API ===

    @api.model
    def _compare_ways(self, account, told):
        """Keep out, or hold, what another way to the bank told before.

        :param told: {identity: values of a new event}
        :return: the same without what is kept out
        """
        payments = {
            key: vals
            for key, vals in told.items()
            if vals["kind"] == "paid" and vals["paid"] and vals["title_id"]
        }
        before = self._search_told_one_way(account, payments.values())
        result = dict(told)
        for key, vals in payments.items():
            twin = before.get(vals["title_id"], self.browse())._find_twin(vals)
            if not twin:
                continue
            before[vals["title_id"]] -= twin
            twin.also_told_as = key
            if next_bank_day(twin.occurred_on) == next_bank_day(vals["occurred_on"]):
                del result[key]
            else:
                result[key] = self._prepare_held(vals, twin)
        return result

    @api.model
    def _search_told_one_way(self, account, payments):
        """Return {id of a title: payments of it that no other way told yet}."""
        if not payments:
            return {}
        found = self.search(
            [
                ("account_id", "=", account.id),
                ("kind", "=", "paid"),
                ("title_id", "in", [vals["title_id"] for vals in payments]),
                ("also_told_as", "=", False),
            ],
            order="id",
        )
        return found.grouped(lambda event: event.title_id.id)

    def _find_twin(self, vals):
        """Return which of these the values tell by another way, the nearest day."""
        same = self.filtered(
            lambda event: (
                bool(event.external_id) != bool(vals["external_id"])
                and not event.currency_id.compare_amounts(event.paid, vals["paid"])
                and event._get_distance(vals["occurred_on"]) <= NEAR
            )
        )
        return same.sorted(
            lambda event: (event._get_distance(vals["occurred_on"]), event.id)
        )[:1]

    def _get_distance(self, day):
        self.ensure_one()
        return abs((self.occurred_on - day).days)

    # === FILES THAT OVERLAP ===

    @api.model
    def _prepare_told_again(self, account, numbered, known, source):
        """Return {identity: values} of payments that an earlier file told, too, where
        this file does not simply repeat that one.

        :param numbered: {identity: `CollectionEvent`} of this file
        :param known: identities that are stored already
        """
        file = self.env["collection.return.file"].browse(source.get("return_file_id"))
        keys = [key for key in known if numbered[key].kind == "paid"]
        if not file or not keys:
            return {}
        before = self.search(
            [
                ("account_id", "=", account.id),
                ("identity", "in", keys),
                ("paid", "!=", 0),
                ("return_file_id", "!=", False),
            ]
        )
        doubtful = before - before._get_repeated(set(numbered), file)
        titles = self._find_titles(account, [numbered[e.identity] for e in doubtful])
        held = {}
        for event in doubtful:
            told = numbered[event.identity]
            key = f"{event.identity}|{file.created_on}|{file.file_number}"
            vals = self._prepare_event(account, key, told, titles) | source
            held[key] = self._prepare_held(vals, event)
        stored = self._get_known(account, list(held))
        return {key: vals for key, vals in held.items() if key not in stored}

    def _get_repeated(self, identities, file):
        """Return which of these a file tells because it repeats another: that one's
        whole day is in it, and more than a single payment.

        :param identities: of all that the file tells
        """
        repeated = self.browse()
        for (source, _day), events in self._group_by_file_and_day():
            originals = {event.again_of_id or event for event in events}
            is_same_file = (source.created_on, source.file_number) == (
                file.created_on,
                file.file_number,
            )
            if (len(originals) > 1 or is_same_file) and identities.issuperset(
                event.identity for event in originals
            ):
                repeated = repeated.union(*originals)
        return self & repeated

    def _group_by_file_and_day(self):
        """Return ((file, day), its payments) of the files that told these."""
        told = self | self.search([("again_of_id", "in", self.ids)])
        days = Domain.OR(
            Domain("return_file_id", "=", source.id) & Domain("occurred_on", "=", day)
            for source, day in {(e.return_file_id, e.occurred_on) for e in told}
            if source
        )
        is_payment = Domain("kind", "=", "paid") | Domain("again_of_id", "!=", False)
        return groupby(
            self.search(days & is_payment),
            lambda event: (event.return_file_id, event.occurred_on),
        )

    # === TELLING ===

    def _tell_told_again(self):
        before = self.again_of_id
        return self.env._(
            "The bank told of %(paid)s for the %(title)s of %(customer)s before "
            "(%(told_by)s). Nothing was posted: if the statement of the bank shows it "
            "twice, press “Post This Payment”.",
            **self._get_names(),
            told_by=before.return_file_id.name or before.account_id.name,
        )
