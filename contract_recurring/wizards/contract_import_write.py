from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..tools.cell_values import CNPJ_LENGTH
from ..tools.contract_file_columns import address_key

BATCH_SIZE = 500


class ContractImport(models.TransientModel):
    """The import itself: customers and contracts, batch by batch."""

    _inherit = "contract.import"

    def _import_rows(self, check):
        """Create the contracts and their customers, and return the contracts."""
        contracts = self.env["contract.contract"]
        for rows in split_every(BATCH_SIZE, check.new_rows, list):
            try:
                contracts |= self._import_batch(rows, check.lookup)
                # Memory stays flat however long the file is.
                self.env.flush_all()
            except UserError as error:
                raise UserError(
                    self.env._(
                        "Nothing was imported. The contracts of lines %(first)s to "
                        "%(last)s were refused: %(reason)s",
                        first=rows[0].line,
                        last=rows[-1].line,
                        reason=error,
                    )
                ) from error
            self.env.invalidate_all()
        return contracts

    def _import_batch(self, rows, lookup):
        quiet = self.with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            # Customers were matched by document just now: no query for each.
            allow_vat_duplicate=True,
        )
        quiet._create_partners(rows, lookup)
        contracts = (
            quiet.env["contract.contract"]
            .sudo()
            .create([quiet._prepare_contract(row, lookup) for row in rows])
        )
        for contract, row in zip(contracts, rows, strict=True):
            if row.monthly_amount is not None:
                contract._set_agreed_amount(float(row.monthly_amount))
        contracts._take_over()
        return self.env["contract.contract"].browse(contracts.ids)

    def _create_partners(self, rows, lookup):
        """Create the customers that are not here yet, with their first address."""
        first_rows = {}
        for row in rows:
            if row.document not in lookup.partners:
                first_rows.setdefault(row.document, row)
        partners = self.env["res.partner"].create(
            [self._prepare_partner(row, lookup) for row in first_rows.values()]
        )
        lookup.partners.update(zip(first_rows, partners, strict=True))

    def _prepare_partner(self, row, lookup):
        """Return the values of a new customer."""
        city_id = lookup.get_city_id(row)
        return {
            "name": row.customer,
            "vat": row.document,
            "is_company": len(row.document) == CNPJ_LENGTH,
            "email": row.email,
            "phone": row.phone,
            "customer_rank": 1,
            "lang": self.company_id.partner_id.lang or self.env.lang,
            "country_id": lookup.country.id,
            "zip": row.zip,
            "street_name": row.street,
            "street_number": row.street_number,
            "street2": row.complement,
            "district": row.district,
            "city_id": city_id,
            "city": self.env["res.city"].browse(city_id).name or row.city,
            "state_id": lookup.get_state_id(row),
        }

    def _prepare_contract(self, row, lookup):
        """Return the values of the contract a line describes."""
        contracts = self.env["contract.contract"]
        plan = lookup.get_plans(row).with_env(self.env)
        partner = lookup.partners[row.document].with_env(self.env)
        start = row.start or fields.Date.context_today(self)
        values = contracts._prepare_from_plan(
            plan,
            partner,
            start,
            code=row.code,
            date=row.contract_date or start,
            note=row.note,
            # Not sold by the person who imports it.
            user_id=False,
            **self._prepare_address(row, partner, lookup),
        )
        if row.due_day:
            values["due_day"] = row.due_day
        if row.loyalty_months is not None:
            values["loyalty_months"] = row.loyalty_months
        if row.end_date:
            for _command, _id, line in values["contract_line_ids"]:
                line["date_end"] = row.end_date
        if row.activation_date:
            values = contracts._prepare_taken_over(
                values, row.activation_date, row.charged_until
            )
        return values

    def _prepare_address(self, row, partner, lookup):
        """Return the contract's address where it is not the customer's."""
        customer_address = address_key(
            partner.zip, partner.street_name, partner.street_number, partner.street2
        )
        if not row.has_address or row.address == customer_address:
            return {}
        return {
            "has_own_address": True,
            "zip": row.zip,
            "street_name": row.street,
            "street_number": row.street_number,
            "street_complement": row.complement,
            "district": row.district,
            "city_id": lookup.get_city_id(row),
            "state_id": lookup.get_state_id(row),
        }
