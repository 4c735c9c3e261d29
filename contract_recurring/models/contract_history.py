from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date


class ContractHistory(models.Model):
    """One thing that happened to a contract: an event or an edited field.

    Read from the events and from the tracked values of the mail thread;
    nothing is stored twice.
    """

    _name = "contract.history"
    _description = "Contract History"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "description"
    _depends = {
        "contract.event": ["contract_id", "company_id", "user_id", "mrr_change"],
        "mail.message": ["model", "res_id", "date", "author_id"],
        "mail.tracking.value": ["mail_message_id", "field_id"],
    }

    contract_id = fields.Many2one("contract.contract", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", string="By", readonly=True)
    event_id = fields.Many2one("contract.event", readonly=True)
    tracking_id = fields.Many2one(
        "mail.tracking.value", readonly=True, groups="base.group_system"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    mrr_change = fields.Monetary(string="MRR Change", readonly=True)
    description = fields.Char(string="What", compute="_compute_description")
    before = fields.Char(string="From", compute="_compute_description")
    after = fields.Char(string="To", compute="_compute_description")
    reason = fields.Char(related="event_id.reason")
    effective_date = fields.Date(related="event_id.effective_date")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT event.id * 2 AS id, event.contract_id, event.company_id,
                   event.create_date AS date, users.partner_id,
                   event.id AS event_id, NULL::integer AS tracking_id,
                   event.currency_id, event.mrr_change
              FROM contract_event event
              JOIN res_users users ON users.id = event.user_id
             UNION ALL
            SELECT tracking.id * 2 + 1, contract.id, contract.company_id,
                   message.date, message.author_id,
                   NULL, tracking.id, NULL, NULL
              FROM mail_tracking_value tracking
              JOIN mail_message message ON message.id = tracking.mail_message_id
              JOIN contract_contract contract ON contract.id = message.res_id
              JOIN ir_model_fields field ON field.id = tracking.field_id
             WHERE message.model = 'contract.contract'
               AND field.name <> 'lifecycle_state'  -- it has events
            """
        )

    @api.depends_context("lang")
    def _compute_description(self):
        kinds = dict(
            self.env["contract.event"]._fields["kind"]._description_selection(self.env)
        )
        self.update({"description": False, "before": False, "after": False})
        events = self.filtered("event_id")
        for entry in events:
            event = entry.event_id
            entry.description = kinds.get(event.kind, event.kind)
            entry.before = event.from_state_label
            entry.after = event.to_state_label
        self._describe_edits(self - events)

    def _describe_edits(self, edits):
        """Put tracked values into words, as the chatter does."""
        trackings = edits.sudo().tracking_id._filter_has_field_access(self.env)
        values = {value["id"]: value for value in trackings._tracking_value_format()}
        for entry in edits:
            value = values.get(entry.sudo().tracking_id.id)
            if not value:
                continue
            field = value["fieldInfo"]
            entry.description = field["changedField"]
            entry.before = self._format_value(field, value["oldValue"])
            entry.after = self._format_value(field, value["newValue"])

    @api.model
    def _format_value(self, field, value):
        """Return a tracked value as a person reads it."""
        kind = field["fieldType"]
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if value in (False, None, ""):
            return False
        if kind == "date":
            return format_date(self.env, value)
        if kind == "monetary":
            currency = self.env["res.currency"].browse(field["currencyId"])
            return format_amount(self.env, value, currency)
        return str(value)
