from datetime import date

from odoo.fields import Command

from .common import ContractCase


class LateCase(ContractCase):
    """One contract of R$ 99,90 a month, billed for 10/03/2026 (a Tuesday)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.contract = cls._create_contract(
            activation=date(2026, 2, 10), partner=cls._create_customer("Ana Lima")
        )
        cls._bill_month(date(2026, 2, 1))
        cls._bill_month(date(2026, 3, 1))
        cls.invoice = cls._find_invoice(cls.contract, date(2026, 3, 10))
        cls._pay(cls._find_invoice(cls.contract, date(2026, 2, 10)), date(2026, 2, 10))

    @classmethod
    def _find_invoice(cls, contract, due_date):
        return contract.charge_ids.move_id.filtered(
            lambda move: (
                move.invoice_date_due == due_date and not move._is_late_invoice()
            )
        )

    @classmethod
    def _pay(cls, invoice, day, amount=None):
        """Book a payment as a bank's file does; return its receivable line."""
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        line = cls._book(receivable, day, amount or invoice.amount_total)
        (receivable | line).reconcile()
        return line

    @classmethod
    def _book(cls, receivable, day, amount):
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.bank.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.bank.default_account_id.id,
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": receivable.partner_id.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered("credit")

    def _get_late(self, invoice=None, state=None):
        """Return [(kind, amount, state)] of the live fine and interest."""
        charges = (invoice or self.invoice)._get_live_late_charges()
        return [
            (charge.kind, charge.amount, charge.state)
            for charge in charges.sorted(lambda c: (c.period_end, c.kind))
        ]

    def _get_late_moves(self, invoice=None):
        return (invoice or self.invoice).late_charge_ids.move_id
