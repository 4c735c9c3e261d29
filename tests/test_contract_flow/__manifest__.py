{
    "name": "Contracts: whole flows",
    "summary": "Tests only: stories that cross the addons",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "AGPL-3",
    "author": "Contract BR maintainers, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/contract",
    "depends": ["contract_fiscal_br", "contract_recurring", "payment_demo"],
}
