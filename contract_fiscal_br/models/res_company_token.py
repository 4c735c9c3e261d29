from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.retry_days import RetryDaysError, parse_retry_days


class ResCompany(models.Model):
    """When a charge that failed is tried again."""

    _inherit = "res.company"

    token_retry_days = fields.Char(
        string="Days of New Attempts",
        default="1, 3, 7",
        help="Days after the first attempt, such as 1, 3, 7. Empty: none.",
    )

    @api.constrains("token_retry_days")
    def _check_token_retry_days(self):
        for company in self:
            try:
                parse_retry_days(company.token_retry_days)
            except RetryDaysError as error:
                raise ValidationError(
                    self.env._(
                        "“%(part)s” is no day of a new attempt. Write days from 1 to "
                        "60 one after the other, such as 1, 3, 7.",
                        part=error,
                    )
                ) from error

    def _get_token_retry_days(self):
        self.ensure_one()
        return parse_retry_days(self.token_retry_days)
