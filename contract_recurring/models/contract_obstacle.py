from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import GENERATION_TYPE


class ContractContract(models.Model):
    """Contracts that cannot be billed, found before a run stumbles over them."""

    _inherit = "contract.contract"

    billing_obstacle = fields.Char(
        compute="_compute_billing_obstacle",
        help="What keeps the contract from being billed.",
    )
    has_billing_obstacle = fields.Boolean(
        compute="_compute_billing_obstacle", search="_search_has_billing_obstacle"
    )

    @api.depends("partner_id", "journal_id", "fiscal_position_id")
    def _compute_billing_obstacle(self):
        ours = self.filtered(lambda c: c.generation_type == GENERATION_TYPE)
        obstacles = ours._get_billing_obstacles()
        for contract in self:
            contract.billing_obstacle = obstacles.get(contract, False)
            contract.has_billing_obstacle = bool(contract.billing_obstacle)

    def _search_has_billing_obstacle(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("id", "in", self._get_obstructed_ids())
        return domain if True in value else ~domain

    @api.model
    def _get_obstructed_ids(self):
        """Return the ids of the contracts to bill that have an obstacle.

        The conditions of `_get_billing_obstacle`, asked of all contracts at
        once; queries grow by the products sold, not by the contracts.
        """
        self._flush_obstacle_facts()
        self.env.cr.execute(
            SQL(
                """
                SELECT contract.id
                  FROM contract_contract contract
                  JOIN res_partner partner ON partner.id = contract.partner_id
                  LEFT JOIN res_partner payer
                    ON payer.id = contract.invoice_partner_id
                  LEFT JOIN account_fiscal_position position
                    ON position.id = contract.fiscal_position_id
                 WHERE contract.generation_type = %(ours)s
                   AND contract.active
                   AND contract.lifecycle_state IN ('active', 'suspended')
                   AND (NOT partner.active OR payer.active IS NOT TRUE
                        OR contract.journal_id IS NULL
                        OR position.active IS FALSE
                        OR %(no_position)s OR %(bad_line)s)
                """,
                ours=GENERATION_TYPE,
                no_position=self._get_no_position_sql(),
                bad_line=self._get_bad_line_sql(),
            )
        )
        return [contract_id for (contract_id,) in self.env.cr.fetchall()]

    @api.model
    def _get_no_position_sql(self):
        """Return the condition that none of the fiscal positions which choose
        themselves in the company's country fitted the customer."""
        companies = self.sudo()._read_group(
            [("generation_type", "=", GENERATION_TYPE)], ["company_id"]
        )
        rows = [
            (company.id, company.account_fiscal_country_id.id)
            for (company,) in companies
            if company.account_fiscal_country_id
            in company._get_fiscal_position_countries()
        ]
        return SQL(" OR ").join(
            [SQL("FALSE")]
            + [
                SQL(
                    "(contract.fiscal_position_id IS NULL AND contract.company_id = %s"
                    " AND COALESCE(partner.country_id, %s) = %s)",
                    company_id,
                    country_id,
                    country_id,
                )
                for company_id, country_id in rows
            ]
        )

    @api.model
    def _get_bad_line_sql(self):
        """Return the condition that a line has no product, or one without an
        income account."""
        return SQL(
            """
            EXISTS (SELECT FROM contract_line line
                     WHERE line.contract_id = contract.id
                       AND line.display_type IS NULL
                       AND line.is_canceled IS NOT TRUE
                       AND (line.product_id IS NULL OR %s))
            """,
            self._get_bad_product_sql(),
        )

    @api.model
    def _get_bad_product_sql(self):
        self.env.cr.execute(
            """
            SELECT contract.company_id, array_agg(DISTINCT line.product_id)
              FROM contract_line line
              JOIN contract_contract contract ON contract.id = line.contract_id
             WHERE line.product_id IS NOT NULL
             GROUP BY contract.company_id
            """
        )
        bad = {}
        for company_id, product_ids in self.env.cr.fetchall():
            company = self.env["res.company"].browse(company_id)
            products = self.env["product.product"].sudo().with_company(company)
            bad[company_id] = [
                product.id
                for product in products.browse(product_ids)
                if not product.product_tmpl_id.get_product_accounts()["income"]
            ]
        return SQL(" OR ").join(
            [SQL("FALSE")]
            + [
                SQL(
                    "(contract.company_id = %s AND line.product_id = ANY(%s))",
                    company_id,
                    ids,
                )
                for company_id, ids in bad.items()
                if ids
            ]
        )

    @api.model
    def _flush_obstacle_facts(self):
        """Write what the queries here read."""
        self.flush_model()
        self.env["contract.line"].flush_model()
        self.env["res.partner"].flush_model(["active", "country_id"])
        self.env["account.fiscal.position"].flush_model(["active"])
