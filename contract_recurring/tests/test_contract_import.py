import time
from base64 import b64decode, b64encode
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.contract_file import read_contract_file
from .common import ContractCase
from .test_contract_file import LINE, csv_of, xlsx_of


@tagged("contract_recurring", "post_install", "-at_install")
@freeze_time("2026-07-20")
class TestContractImport(ContractCase):
    """A provider brings the contracts of another system."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.due_days_offered = "5, 10, 15"
        cls.active = {"cobrado_ate": "09/07/2026"}

    def _wizard(self, content):
        return self.env["contract.import"].create(
            {"file": b64encode(content), "filename": "contratos.csv"}
        )

    def _check(self, *changes, **options):
        wizard = self._wizard(csv_of(*changes, **options))
        wizard.action_check()
        return wizard

    def _import(self, *changes):
        wizard = self._wizard(csv_of(*({**self.active, **c} for c in changes or [{}])))
        wizard.action_import()
        self.assertEqual(wizard.state, "done", wizard.line_ids.mapped("message"))
        return wizard.contract_ids

    def _problems(self, wizard, severity="error"):
        return [
            (line.line_number, line.column, line.message)
            for line in wizard.line_ids
            if line.severity == severity
        ]

    def _counts(self):
        models = ("contract.contract", "res.partner", "contract.event")
        return [self.env[model].search_count([]) for model in models]

    # --- what is written ---

    def test_active_contract_goes_on_where_the_old_system_stopped(self):
        contract = self._import({"valor_mensal": "120,00", "fidelidade_meses": "12"})
        self.assertEqual(contract.code, "1001")
        self.assertEqual(contract.lifecycle_state, "active")
        self.assertEqual(contract.date, date(2026, 3, 1))
        self.assertEqual(contract.date_start, date(2026, 3, 5))
        self.assertEqual(contract.billing_origin, date(2026, 7, 10))
        self.assertEqual(
            contract.contract_line_ids.last_date_invoiced, date(2026, 7, 9)
        )
        self.assertEqual(contract.loyalty_end_date, date(2027, 3, 4))
        self.assertAlmostEqual(contract.monthly_amount, 120.0)
        self.assertFalse(contract.user_id)

    def test_first_bill_begins_the_day_after_what_was_charged(self):
        contract = self._import({"cobrado_ate": "09/08/2026"})
        self._bill_month(date(2026, 7, 1))
        self.assertFalse(contract.charge_ids)
        self._bill_month(date(2026, 8, 1))
        charge = contract.charge_ids
        self.assertEqual(
            (charge.period_start, charge.period_end, charge.due_date),
            (date(2026, 8, 10), date(2026, 9, 9), date(2026, 8, 10)),
        )
        self.assertAlmostEqual(charge.amount, 99.90)

    def test_time_charged_to_the_middle_of_a_period_is_completed(self):
        contract = self._import({"cobrado_ate": "31/07/2026"})
        self._bill_month(date(2026, 8, 1))
        charges = contract.charge_ids.sorted("period_start")
        self.assertEqual(charges[0].kind, "prorata")
        self.assertEqual(charges[0].period_start, date(2026, 8, 1))
        self.assertEqual(charges[0].period_end, date(2026, 8, 9))

    def test_cancelled_bill_does_not_reach_back_before_the_import(self):
        contract = self._import({"cobrado_ate": "09/08/2026"})
        self._bill_month(date(2026, 8, 1))
        contract.contract_line_ids.last_date_invoiced = False
        self.assertEqual(
            contract.contract_line_ids._get_charges_due(date(2026, 8, 31))[0].start,
            date(2026, 8, 10),
        )

    def test_activation_fee_is_not_charged_again(self):
        self.plan.activation_fee = 150.0
        contract = self._import()
        self.assertEqual(contract.lifecycle_state, "active")
        self.assertFalse(contract.charge_ids)

    def test_contract_without_activation_is_a_pre_registration(self):
        contract = self._import({"data_ativacao": "", "cobrado_ate": ""})
        self.assertEqual(contract.lifecycle_state, "draft")
        self.assertFalse(contract.billing_origin)
        self.assertEqual(contract.date_start, date(2026, 3, 1))
        self.plan.activation_fee = contract.activation_fee = 150.0
        contract._activate(date(2026, 8, 1))
        self.assertEqual(contract.charge_ids.kind, "activation")

    def test_each_contract_has_its_event(self):
        active, waiting = self._import(
            {}, {"codigo": "2", "data_ativacao": "", "cobrado_ate": ""}
        )
        event = active.event_ids.filtered(lambda e: e.kind == "imported")
        self.assertEqual(event.effective_date, date(2026, 3, 5))
        self.assertEqual((event.from_state, event.to_state), ("draft", "active"))
        self.assertAlmostEqual(event.mrr_change, 99.90)
        event = waiting.event_ids.filtered(lambda e: e.kind == "imported")
        self.assertEqual((event.to_state, event.mrr_after), ("draft", 0.0))

    def test_new_customer_has_the_address(self):
        partner = self._import(
            {
                "email": "jose@example.com",
                "telefone": "(15) 3333-4444",
                "cep": "18520000",
                "logradouro": "Rua 1º de Maio",
                "numero": "12",
                "complemento": "Fundos",
                "bairro": "Centro",
                "cidade": "CERQUILHO",
                "uf": "sp",
            }
        ).partner_id
        self.assertEqual(partner.vat, "52998224725")
        self.assertEqual(partner.country_id, self.env.ref("base.br"))
        self.assertEqual(partner.street, "Rua 1º de Maio, 12")
        self.assertEqual((partner.street2, partner.district), ("Fundos", "Centro"))
        self.assertEqual((partner.zip, partner.city), ("18520-000", "Cerquilho"))
        self.assertEqual(partner.city_id.ibge_code, "3511508")
        self.assertEqual(partner.state_id.code, "SP")
        self.assertFalse(partner.is_company)
        contract = partner.env["contract.contract"].search(
            [("partner_id", "=", partner.id)]
        )
        self.assertFalse(contract.has_own_address)
        self.assertEqual(contract.street_name, "Rua 1º de Maio")

    def test_company_with_letters_in_its_cnpj(self):
        partner = self._import({"cpf_cnpj": "12.ABC.345/01DE-35"}).partner_id
        self.assertEqual(partner.vat, "12ABC34501DE35")
        self.assertTrue(partner.is_company)

    def test_customer_is_found_by_document_however_it_is_written(self):
        customer = self._create_customer("José", vat="529.982.247-25")
        self.assertEqual(self._import({"cpf_cnpj": "52998224725"}).partner_id, customer)

    def test_second_address_belongs_to_the_contract(self):
        place = {"cep": "18520-000", "logradouro": "Rua A", "cidade": "Cerquilho"}
        contracts = self._import(
            {**place, "uf": "SP", "numero": "1"},
            {**place, "uf": "SP", "numero": "1", "codigo": "2"},
            {**place, "uf": "SP", "numero": "9", "codigo": "3"},
        )
        self.assertEqual(len(contracts.partner_id), 1)
        self.assertEqual(contracts.mapped("has_own_address"), [False, False, True])
        self.assertEqual(contracts[2].street_number, "9")
        self.assertEqual(contracts.partner_id.street_number, "1")

    def test_end_and_price_of_a_contract_that_has_ended(self):
        contract = self._import(
            {
                "data_fim": "30/06/2026",
                "cobrado_ate": "30/06/2026",
                "valor_mensal": "80",
            }
        )
        self.assertEqual(contract.date_end, date(2026, 6, 30))
        self.assertAlmostEqual(contract.contract_line_ids.price_subtotal, 80.0)
        self._bill_month(date(2026, 7, 1))
        self.assertFalse(contract.charge_ids)

    def test_plan_may_be_named_by_offer_code_or_without_accents(self):
        self.plan.write({"name": "Fibra Família", "code": "OF-7"})
        contracts = self._import(
            {"plano": "fibra familia"}, {"codigo": "2", "plano": "OF-7"}
        )
        self.assertEqual(contracts.contract_template_id, self.plan)

    def test_due_day_left_empty_is_the_first_of_the_plan(self):
        self.assertEqual(self._import({"dia_vencimento": ""}).due_day, 5)

    # --- the check ---

    def test_check_writes_nothing_and_sums_up(self):
        before = self._counts()
        wizard = self._check(
            self.active,
            {"codigo": "2", "data_ativacao": "", "valor_mensal": "50,10"},
        )
        self.assertEqual(self._counts(), before)
        self.assertEqual(wizard.state, "checked")
        self.assertEqual(wizard.contract_count, 2)
        self.assertEqual(wizard.active_count, 1)
        self.assertEqual(wizard.partner_count, 1)
        self.assertEqual(wizard.known_count, 0)
        self.assertAlmostEqual(wizard.monthly_amount, 150.0)
        self.assertFalse(wizard.line_ids)

    def test_repeated_import_changes_nothing(self):
        self._import({}, {"codigo": "2"})
        before = self._counts()
        wizard = self._wizard(csv_of(self.active, {"codigo": "2", **self.active}))
        wizard.action_import()
        self.assertEqual(self._counts(), before)
        self.assertEqual((wizard.contract_count, wizard.known_count), (0, 2))
        self.assertFalse(wizard.line_ids)

    def test_known_contract_that_differs_is_a_warning(self):
        self._import()
        other = self._create_plan("Fibra 900", {self.internet: 150})
        wizard = self._check({"plano": other.name, "cpf_cnpj": "11.222.333/0001-81"})
        self.assertFalse(wizard.error_count)
        columns = [c for _line, c, _message in self._problems(wizard, "warning")]
        self.assertEqual(columns, ["cpf_cnpj", "plano"])

    def test_time_nobody_charged_is_a_warning(self):
        wizard = self._check({"data_ativacao": "05/03/2020"})
        ((line, column, message),) = self._problems(wizard, "warning")
        self.assertEqual((line, column), (2, "cobrado_ate"))
        self.assertIn("2020", message)
        self.assertFalse(self._check(self.active).warning_count)

    def test_latin_1_with_semicolons_is_accepted(self):
        wizard = self._check(self.active, encoding="latin-1")
        self.assertFalse(wizard.error_count)

    def test_spreadsheet_is_imported(self):
        values = {**LINE, **self.active}
        wizard = self._wizard(xlsx_of(list(values), list(values.values())))
        wizard.action_import()
        self.assertEqual(wizard.contract_ids.code, "1001")

    # --- bad input ---

    def test_each_error_names_line_and_column_and_writes_nothing(self):
        self._create_plan("Vazio", {})
        self._create_plan("Duplo", {self.internet: 1})
        self._create_plan("Duplo", {self.internet: 2})
        self._create_customer("Antigo", vat="11222333000181", active=False)
        cases = [
            ({"plano": "Rádio"}, "plano", "Rádio"),
            ({"plano": "Duplo"}, "plano", "offer code"),
            ({"plano": "Vazio"}, "plano", "no product"),
            ({"cpf_cnpj": "529.982.247-24"}, "cpf_cnpj", "529.982.247-24"),
            ({"cpf_cnpj": "11.222.333/0001-81"}, "cpf_cnpj", "archived"),
            ({"dia_vencimento": "32"}, "dia_vencimento", "32"),
            ({"dia_vencimento": "20"}, "dia_vencimento", "5, 10, 15"),
            ({"data_fim": "01/02/2026", "cobrado_ate": ""}, "data_fim", "ends on"),
            ({"uf": "XX"}, "uf", "XX"),
            ({"uf": "SP", "cidade": "Atlântida"}, "cidade", "Atlântida"),
            ({"codigo": "1001"}, "codigo", "line 2"),
            ({"valor_mensal": "-1"}, "valor_mensal", "negative"),
        ]
        before = self._counts()
        for change, column, words in cases:
            with self.subTest(change=change):
                bad = {"codigo": "2", **self.active, **change}
                wizard = self._wizard(csv_of(self.active, bad))
                wizard.action_import()
                ((line, found, message),) = self._problems(wizard)
                self.assertEqual((line, found), (3, column))
                self.assertIn(words, message)
                self.assertEqual(wizard.state, "checked")
                self.assertFalse(wizard.contract_ids)
        self.assertEqual(self._counts(), before)

    def test_a_line_with_several_errors_shows_them_all_at_once(self):
        wizard = self._check(
            {"dia_vencimento": "32", "plano": "Rádio", "uf": "XX", "cidade": "Y"},
            {"codigo": "2", "cpf_cnpj": "1", "plano": "", "uf": "SP", "cidade": "Z"},
        )
        self.assertEqual(
            [(line, column) for line, column, _message in self._problems(wizard)],
            [(2, "dia_vencimento"), (2, "plano"), (2, "uf")]
            + [(3, "cpf_cnpj"), (3, "plano"), (3, "cidade")],
        )
        self.assertEqual(wizard.contract_count, 0)

    def test_missing_column_is_named(self):
        wizard = self._check(drop=("plano",))
        self.assertEqual(self._problems(wizard)[0][:2], (1, "plano"))

    def test_ten_thousand_lines_with_one_bad(self):
        changes = [{"codigo": str(i), **self.active} for i in range(10_000)]
        changes[7_654]["dia_vencimento"] = "32"
        content = csv_of(*changes)
        before = self._counts()
        wizard = self._wizard(content)
        start = time.monotonic()
        with self.assertQueryCount(100):
            wizard.action_import()
        self.assertLess(time.monotonic() - start, 60)
        self.assertEqual(self._problems(wizard)[0][:2], (7_656, "dia_vencimento"))
        self.assertEqual(self._counts(), before)

    def test_contract_refused_while_written_leaves_nothing(self):
        before = self._counts()
        changes = [{"codigo": str(i), **self.active} for i in range(3)]
        wizard = self._wizard(csv_of(*changes))
        take_over = type(self.env["contract.contract"])._take_over

        def refuse_the_second_batch(contracts):
            if "2" in contracts.mapped("code"):
                raise UserError(contracts[:1].code)
            return take_over(contracts)

        with (
            patch(
                "odoo.addons.contract_recurring.wizards.contract_import_write"
                ".BATCH_SIZE",
                2,
            ),
            patch.object(
                type(self.env["contract.contract"]),
                "_take_over",
                refuse_the_second_batch,
            ),
            self.assertRaisesRegex(UserError, "lines 4 to 4.*2"),
        ):
            wizard.action_import()
        self.assertEqual(self._counts(), before)

    def test_without_a_file_it_asks_for_one(self):
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.env["contract.import"].create({}).action_check()

    # --- wizard ---

    def test_only_managers_import(self):
        billing = self._create_user("importer", "group_contract_billing")
        with self.assertRaises(AccessError):
            self.env["contract.import"].with_user(billing).create({})
        manager = self._create_user("import manager", "group_contract_manager")
        wizard = self._wizard(csv_of(self.active)).copy({"file": False})
        wizard = wizard.with_user(manager).create(
            {"file": b64encode(csv_of(self.active)), "filename": "c.csv"}
        )
        wizard.action_import()
        self.assertEqual(wizard.contract_ids.lifecycle_state, "active")

    def test_examples_are_checked_without_an_error(self):
        wizard = self.env["contract.import"].create({})
        for name in ("example_xlsx", "example_csv"):
            content = b64decode(wizard[name])
            self.assertEqual(len(read_contract_file(content).rows), 2)
            check = self._wizard(content)
            check.action_check()
            self.assertFalse(check.error_count, check.line_ids.mapped("message"))
        self.assertIn("/example_csv/", wizard.action_example_csv()["url"])

    def test_result_opens_the_contracts(self):
        wizard = self._wizard(csv_of(self.active))
        self.assertEqual(wizard.action_import()["res_id"], wizard.id)
        action = wizard.action_view_contracts()
        self.assertEqual(action["domain"], [("id", "in", wizard.contract_ids.ids)])
        wizard.action_back()
        self.assertEqual((wizard.state, wizard.file), ("file", False))
