from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user


class ContractCase(TransactionCase):
    """A company that bills contracts, one plan and one customer.

    The company is the database's own, with the chart of accounts it came
    with: making another one takes longer than all tests of a class.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context, tracking_disable=True, queue_job__no_delay=True
            )
        )
        cls.company = cls.env.company
        cls.income_account = cls.env["account.account"].create(
            {"name": "Services", "code": "CTR.1", "account_type": "income"}
        )
        cls.company.contract_journal_id = cls.env["account.journal"].create(
            {"name": "Contracts", "code": "CTR", "type": "sale"}
        )
        cls.internet = cls._create_product("Internet 500 Mega")
        cls.television = cls._create_product("TV")
        cls.plan = cls._create_plan("Fibra 500", {cls.internet: 99.90})
        cls.partner = cls._create_customer("Maria da Silva")

    @classmethod
    def _create_product(cls, name):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "taxes_id": [Command.clear()],
                "property_account_income_id": cls.income_account.id,
            }
        )

    @classmethod
    def _create_plan(cls, name, prices, **values):
        return cls.env["contract.template"].create(
            {
                "name": name,
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": product.name,
                            "specific_price": price,
                        }
                    )
                    for product, price in prices.items()
                ],
                **values,
            }
        )

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "country_id": cls.company.country_id.id, **values}
        )

    @classmethod
    def _create_contract(cls, activation=None, plan=None, partner=None, **values):
        """Return a contract of a plan, in force since a day if one is given."""
        contracts = cls.env["contract.contract"]
        contract = contracts.create(
            contracts._prepare_from_plan(
                plan or cls.plan,
                partner or cls.partner,
                activation or date(2026, 1, 1),
                **{"due_day": 10, **values},
            )
        )
        if activation:
            contract._activate(activation)
        return contract

    @classmethod
    def _simulate_run(cls, first_due, **values):
        """Return a simulated run over the month of a due date."""
        run = cls.env["contract.billing.run"].create(
            {"date_from": first_due, "invoice_date": first_due, **values}
        )
        run.action_simulate()
        return run

    @classmethod
    def _bill_month(cls, first_due, **values):
        """Return the finished run over the month of a due date."""
        run = cls._simulate_run(first_due, **values)
        if run.pending_count:
            run.action_approve()
            run.action_start()
        return run

    @classmethod
    def _create_user(cls, login, group):
        return new_test_user(cls.env, login=login, groups=f"contract_recurring.{group}")

    def _get_days_charged(self, contract):
        """Return, for each day charged, how often; 0 where it all came back."""
        days = {}
        for charge in contract.charge_ids.filtered(lambda c: c.state != "cancelled"):
            step = -1 if charge.kind == "credit" else 1
            for day in range(
                charge.period_start.toordinal(), charge.period_end.toordinal() + 1
            ):
                days[day] = days.get(day, 0) + step
        return {date.fromordinal(day): times for day, times in days.items()}

    @classmethod
    def _life_events(cls, contract):
        """Return the events, oldest first, without those of the service: each
        step of the life has one of them in its wake."""
        events = contract.event_ids.filtered(lambda e: e.kind != "service_state")
        return events.sorted("id")

    def assertLedgerIsInvoiced(self, contracts):
        """Billed charges and the invoice lines that bill them agree to the cent."""
        charges = contracts.charge_ids.filtered(lambda c: c.state == "billed")
        for charge in charges:
            line = charge.move_line_id
            self.assertEqual(line.move_id, charge.move_id)
            self.assertAlmostEqual(charge.amount, -line.balance, places=2)
        invoiced = sum(charges.move_id.mapped("amount_untaxed_signed"))
        self.assertAlmostEqual(sum(charges.mapped("amount")), invoiced, places=2)


class BilledContractCase(ContractCase):
    """A contract of R$ 99.90, billed from 10/04 to 09/05/2026, seen on 20/04."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.faster = cls._create_plan("Fibra 700", {cls.internet: 129.90})
        cls.contract = cls._create_contract(activation=date(2026, 4, 10))
        cls._bill_month(date(2026, 4, 1))

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-04-20 12:00:00"))

    def _open(self, model, **context):
        """Return the form of a wizard opened on the contract."""
        wizard = self.env[model].with_context(active_id=self.contract.id, **context)
        return Form(wizard)

    def _bill(self, month):
        """Return what is invoiced for the 10th of a month of 2026, less credits."""
        self._bill_month(date(2026, month, 1))
        invoices = self.contract._get_related_invoices().filtered(
            lambda move: move.invoice_date_due == date(2026, month, 10)
        )
        return round(sum(invoices.mapped("amount_untaxed_signed")), 2)
