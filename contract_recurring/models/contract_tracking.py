from odoo import fields, models


class ContractContract(models.Model):
    """Conditions whose edits are kept with who made them (the history tab)."""

    _inherit = "contract.contract"

    date = fields.Date(tracking=True)
    date_start = fields.Date(tracking=True)
    note = fields.Text(tracking=True)
    invoice_partner_id = fields.Many2one(tracking=True)
    journal_id = fields.Many2one(tracking=True)
    fiscal_position_id = fields.Many2one(tracking=True)
    recurring_rule_type = fields.Selection(tracking=True)
    recurring_interval = fields.Integer(tracking=True)
    period_anchor = fields.Selection(tracking=True)
    reference_period = fields.Selection(tracking=True)
    loyalty_months = fields.Integer(tracking=True)
    activation_fee = fields.Monetary(tracking=True)
    street_name = fields.Char(tracking=True)
    street_number = fields.Char(tracking=True)
    street_complement = fields.Char(tracking=True)
    district = fields.Char(tracking=True)
    city_id = fields.Many2one(tracking=True)
    zip = fields.Char(tracking=True)
    address_reference = fields.Char(tracking=True)
    print_template_id = fields.Many2one(tracking=True)
    service_type = fields.Selection(tracking=True)
    response_hours = fields.Float(tracking=True)
    repair_hours = fields.Float(tracking=True)
    attendance_days = fields.Selection(tracking=True)
    attendance_from = fields.Float(tracking=True)
    attendance_to = fields.Float(tracking=True)
    communication_rules = fields.Text(tracking=True)
    planned_visits = fields.Integer(tracking=True)
    visit_schedule = fields.Text(tracking=True)
