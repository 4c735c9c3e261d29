from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, formatLang

# More rows than anybody reads on paper, and than a printer should get.
MOST_ROWS = 5000


class ContractListing(models.AbstractModel):
    """A list printed as PDF: the same fields as on the screen, with totals."""

    _name = "contract.listing"
    _description = "Printed List"

    _listed_model = None
    _listed_fields = ()
    _totals = ()

    @api.model
    def _get_report_values(self, docids, data=None):
        records = self.env[self._listed_model].browse(docids)
        records.check_access("read")
        if len(records) > MOST_ROWS:
            raise UserError(
                self.env._(
                    "%(count)s rows are too many for paper. Choose at most %(most)s, "
                    "or take the XLSX file.",
                    count=len(records),
                    most=MOST_ROWS,
                )
            )
        listed = [records._fields[name] for name in self._listed_fields]
        return {
            "doc_ids": docids,
            "doc_model": self._listed_model,
            "docs": records,
            "company": self.env.company,
            "date": format_date(self.env, self.env.company._get_local_date()),
            "heads": [field._description_string(self.env) for field in listed],
            "rows": [
                [self._get_cell(record, field) for field in listed]
                for record in records
            ],
            "totals": [self._get_total(records, field) for field in listed],
        }

    @api.model
    def _get_cell(self, record, field):
        """Return (text, whether it is a number)."""
        value = record[field.name]
        if field.type == "monetary":
            return self._get_money(value, record), True
        if field.type in ("integer", "float"):
            return formatLang(self.env, value, digits=0), True
        if field.type == "many2one":
            return value.display_name or "", False
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return labels.get(value, ""), False
        if field.type == "date":
            return (format_date(self.env, value) if value else ""), False
        return value or "", False

    @api.model
    def _get_total(self, records, field):
        """Return the sum of a column in words, or nothing for it to show.

        Amounts of several currencies are never added up.
        """
        if field.name not in self._totals or not records:
            return ""
        if len(records.currency_id) > 1:
            return ""
        return self._get_money(sum(records.mapped(field.name)), records[:1])

    @api.model
    def _get_money(self, amount, record):
        return format_amount(self.env, amount, record.currency_id)
