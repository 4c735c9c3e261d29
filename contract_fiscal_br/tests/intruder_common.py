import base64
import inspect
from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..tools.collection_event import CollectionEvent
from .cnab400_builder import Title, build
from .test_payment_files import answered
from .token_common import TokenCase

ADDON = "contract_fiscal_br"
DAY = date(2026, 3, 10)
SECRET = "segredo-4711"


class IntruderCase(TokenCase):
    """A record of every model the addon keeps, and the people who try to get in."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-05 12:00:00"))
        super().setUpClass()
        cls.clerk = cls._create_user("own_clerk", "group_contract_billing")
        cls.boss = cls._create_user("own_boss", "group_contract_manager")
        cls.stranger = cls._create_stranger()
        cls.kept = {}
        for make in (
            cls._make_boleto,
            cls._make_debit,
            cls._make_pix,
            cls._make_booklets,
            cls._make_charge,
            cls._make_refunds,
        ):
            for record in make():
                cls.kept.setdefault(record._name, record)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))

    # === RECORDS ===

    @classmethod
    def _make_boleto(cls):
        partner = cls._create_customer("José Pereira")
        cls.boleto_contract = cls._create_contract(DAY, partner=partner)
        cls._bill_month(date(2026, 3, 1))
        cls.boleto_move = cls.boleto_contract.charge_ids.move_id
        cls.title = cls.boleto_move.collection_title_ids
        remittance = cls.env["collection.remittance"]._start(cls.account)
        told = CollectionEvent(
            "paid",
            "06",
            date(2026, 3, 4),
            nosso_numero="99999999",
            paid=Decimal("10.00"),
            net=Decimal("10.00"),
        )
        cls.event = cls.env["collection.event"]._receive(cls.account, [told])
        cls.event._settle()
        unknown = Title("06", 5, "7", date="050326", credit="060326", amount="9.90")
        file = cls.env["collection.return.file"]._import(
            build("341", [unknown]), "CB050326.RET"
        )
        instruction = cls.title.instruction_ids
        return cls.account, cls.title, instruction, remittance, cls.event, file

    @classmethod
    def _make_debit(cls):
        account = cls._create_account(
            "756", name="Débito", backend="cnab_debit", agreement="4444"
        )
        authorization = cls.env["direct.debit.authorization"].create(
            {
                "contract_id": cls.boleto_contract.id,
                "account_id": account.id,
                "branch": "4340",
                "bank_account": "6361692",
            }
        )
        message = cls.env["direct.debit.message"].create(
            {"account_id": account.id, "kind": "exclusion", "client_id": "1"}
        )
        return authorization, message

    @classmethod
    def _make_pix(cls):
        cls.pix_account = cls._create_account(
            "756",
            name="Pix",
            backend="pix_automatic",
            api_environment="simulator",
            api_simulator_url="http://127.0.0.1:9",
        )
        mandate = cls.env["pix.mandate"].create(
            {
                "contract_id": cls.boleto_contract.id,
                "account_id": cls.pix_account.id,
                "subject": "Internet",
                "date_start": date(2026, 4, 10),
            }
        )
        told = CollectionEvent(
            "paid",
            "pix",
            date(2026, 3, 4),
            txid="a" * 32,
            external_id="E123",
            paid=Decimal("50.00"),
            net=Decimal("50.00"),
        )
        event = cls.env["collection.event"]._receive(cls.pix_account, [told])
        refund = cls.env["pix.refund"].create({"event_id": event.id, "amount": 10.0})
        return mandate, refund

    @classmethod
    def _make_booklets(cls):
        booklet = cls.env["payment.booklet"]._make(cls.boleto_contract, cls.boleto_move)
        run = cls.env["payment.booklet.run"].create({"period_count": 1})
        run.action_simulate()
        return booklet, run, run.item_ids[:1]

    @classmethod
    def _make_charge(cls):
        return (cls.env["payment.token.charge"]._create_attempt(cls.move, DAY),)

    @classmethod
    def _make_refunds(cls):
        cls.payer = cls._create_account(
            "756", is_refund_account=True, refund_agreement="123456"
        )
        cls.pix = cls.env["res.partner.pix"].create(
            {
                "partner_id": cls.partner.id,
                "key_type": "email",
                "key": "maria@example.com",
            }
        )
        cls.refund = cls._enter_refund(60.0)
        sent = cls._enter_refund(30.0)
        sent.action_ask()
        sent.with_user(cls.boss).action_approve()
        sent.with_user(cls.boss).action_make_file()
        content = base64.b64decode(sent.file_id.sudo().content)
        answer = cls.env["customer.refund.return"].create(
            {
                "name": "retorno.ret",
                "account_id": cls.payer.id,
                "content": base64.b64encode(answered(content, "BD")),
            }
        )
        return cls.refund, sent.file_id, answer

    @classmethod
    def _enter_refund(cls, amount, **values):
        """Return a refund of a new credit note, entered by the clerk."""
        credit = cls._get_receivable(cls._create_credit(amount))
        refunds = cls.env["customer.refund"].with_user(cls.clerk)
        return refunds.create(
            {
                "partner_id": cls.partner.id,
                "line_id": credit.id,
                "account_id": cls.payer.id,
                "pix_id": cls.pix.id,
                "reason": "Pago em dobro",
                **values,
            }
        )

    # === INTRUDERS ===

    @classmethod
    def _create_stranger(cls):
        """Return a user with every permission, in another company."""
        company = cls.env["res.company"].create({"name": "Outra Ltda"})
        return new_test_user(
            cls.env,
            "stranger",
            "contract_recurring.group_contract_manager,account.group_account_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    # === WHAT THERE IS ===

    def _get_models(self):
        """Return the models the addon brings that are kept."""
        return [
            self.env[model._name]
            for model in self.env.registry.values()
            if model._original_module == ADDON
            and not (model._abstract or model._transient)
        ]

    def _get_public_methods(self, model):
        """Return the methods that RPC may call: ours, and of our models' mixins."""
        names = set()
        is_own = model._original_module == ADDON
        ours = (ADDON, "contract_recurring") if is_own else (ADDON,)
        for part in type(model).mro():
            if getattr(part, "_module", None) not in ours:
                continue
            names |= {
                name
                for name, member in vars(part).items()
                if inspect.isfunction(member) and not name.startswith("_")
            }
        return sorted(names - {"create", "write", "unlink", "message_post"})

    def _get_arguments(self, model, name):
        """Return something for each argument that a method cannot do without."""
        parameters = list(inspect.signature(getattr(model, name)).parameters.values())
        return [DAY for one in parameters if one.default is inspect.Parameter.empty]

    def _take_stock(self):
        """Return a digest of each table an intruder might want to change."""
        self.env.flush_all()
        tables = {model._table for model in self._get_models()} | {
            "account_move",
            "account_move_line",
            "account_partial_reconcile",
            "contract_contract",
            "mail_message",
            "queue_job",
            "ir_attachment",
        }
        query = " UNION ALL ".join(
            f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY id), ''))"
            f" FROM {table} t"
            for table in sorted(tables)
        )
        self.env.cr.execute(query)
        return dict(self.env.cr.fetchall())
