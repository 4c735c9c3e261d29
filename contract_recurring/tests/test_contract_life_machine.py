import os

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged

from .common import ContractCase
from .contract_life import ContractLife
from .contract_life_wide import WideContractLife

# How many lives to try; the few of every run are always the same ones.
LIVES_VARIABLE = "CONTRACT_RANDOM_LIVES"


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractLife(ContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = (
            cls.plan,
            cls._create_plan("Fibra 700", {cls.internet: 129.90}),
            cls._create_plan("Social", {cls.internet: 9.90}),
        )
        product = cls.env.ref("contract_recurring.product_discount")
        product.property_account_income_id = cls.income_account
        cls.holders = (cls.partner, cls._create_customer("Joana da Silva"))

    @classmethod
    def _sell(cls):
        """Return the contract of a confirmed quote."""
        order = cls.env["sale.order"].create(
            {"partner_id": cls.partner.id, "sale_order_template_id": False}
        )
        order._add_plan(cls.plan)
        order.contract_due_day = 10
        order.action_confirm()
        return order.contract_ids

    def test_any_life_keeps_the_invariants(self):
        self._try_lives(ContractLife, 15)

    def test_any_busy_life_keeps_the_invariants(self):
        self._try_lives(WideContractLife, 5)

    def _try_lives(self, machine, count):
        """The same lives on every run, so that a landing does not hang on luck.

        A number in the environment asks for that many others.
        """
        machine.case = self
        lives = int(os.environ.get(LIVES_VARIABLE, 0))
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=lives or count,
                stateful_step_count=20 if lives else 15,
                deadline=None,
                derandomize=not lives,
                phases=(Phase.generate,),
                database=None,
            ),
        )
