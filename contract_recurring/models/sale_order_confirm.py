from itertools import zip_longest

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tools import format_datetime

from ..const import GENERATION_TYPE
from .contract_service_address import ADDRESS_FIELDS


class SaleOrder(models.Model):
    """Confirming a quote makes its contracts and bills what is charged once."""

    _inherit = "sale.order"

    # === CONFIRMING ===

    def action_confirm(self):
        self._lock_or_explain()
        return super().action_confirm()

    def _lock_or_explain(self):
        """Keep others from confirming the same quotes meanwhile."""
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is confirming %(orders)s right now. Reload the page "
                    "to see the result.",
                    orders=", ".join(self.mapped("name")),
                )
            ) from error

    def _confirmation_error_message(self):
        if self.state == "sale" and (self.contract_ids or self.contract_id):
            return self.env._(
                "%(order)s was confirmed on %(date)s already.",
                order=self.name,
                date=format_datetime(self.env, self.date_order),
            )
        return super()._confirmation_error_message()

    def _action_confirm(self):
        """Make contracts, apply changes, bill the rest: whoever confirms.

        Neither the salesperson nor the customer needs a right on contracts.
        """
        result = super()._action_confirm()
        orders = self.sudo()
        changes = orders.filtered("contract_id")
        sales = (orders - changes).filtered(lambda o: o._get_recurring_lines())
        sales._create_contracts()
        changes._apply_changes()
        (sales | changes)._invoice_one_off()
        return result

    # === CONTRACTS ===

    def _create_contracts(self):
        """Make the contracts of the orders, waiting for activation."""
        groups = [
            (order, lines) for order in self for lines in order._group_contract_lines()
        ]
        contracts = self.env["contract.contract"].create(
            [order._prepare_contract(lines) for order, lines in groups]
        )
        for contract, (_order, lines) in zip(contracts, groups, strict=True):
            recurring = lines.filtered("recurring_rule_type")
            recurring._tie_to(contract.contract_line_ids)
        contracts.action_wait()
        return contracts

    def _group_contract_lines(self):
        """Return the lines of each contract to make.

        One for each plan and place. Services without a plan join the plan of
        the same place and recurrence, or each other.
        """
        self.ensure_one()
        recurring = self._get_recurring_lines()
        planned = recurring.filtered("plan_id")
        groups = dict(
            planned.grouped(lambda line: (line.service_address_id, line.plan_id))
        )
        homes = {}
        for (address, plan), lines in groups.items():
            homes.setdefault((address, *lines[0]._get_recurrence()), (address, plan))
        for line in recurring - planned:
            recurrence = (line.service_address_id, *line._get_recurrence())
            key = homes.get(recurrence, recurrence)
            groups[key] = groups.get(key, line) | line
        groups = self._sort_groups(groups)
        fees = self._share_out_fees(groups)
        return [lines | fees[index] for index, lines in enumerate(groups)]

    def _share_out_fees(self, groups):
        """Return the activation fees that go with each group of lines.

        A plan sold for two places has two fees, a contract for each place.
        """
        fees = [self.order_line.browse() for _group in groups]
        sold = self.order_line.filtered("activation_fee_billing")
        for plan, lines in sold.grouped("plan_id").items():
            turns = [
                index
                for index, group in enumerate(groups)
                if group.plan_id == plan
                for _turn in range(group._count_sales())
            ]
            for fee, index in zip_longest(lines, turns[: len(lines)]):
                fees[turns[-1] if index is None else index] |= fee
        return fees

    def _sort_groups(self, groups):
        """Return the groups in the order of their first lines."""
        order = {line: number for number, line in enumerate(self.order_line)}
        return sorted(
            (lines.sorted(order.get) for lines in groups.values()),
            key=lambda lines: order[lines[0]],
        )

    def _prepare_contract(self, lines):
        """Return the values of the contract that charges these lines."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        plan = lines.plan_id
        recurring = lines.filtered("recurring_rule_type")
        rule, interval = recurring[0]._get_recurrence()
        values = (
            plan._prepare_contract()
            if plan
            else {
                "contract_type": "sale",
                "generation_type": GENERATION_TYPE,
                "line_recurrence": True,
            }
        )
        return {
            **values,
            **self._prepare_contract_address(recurring.service_address_id),
            "name": plan.name or recurring[0].product_id.name,
            "company_id": self.company_id.id,
            "contract_template_id": plan.id,
            "sale_order_id": self.id,
            "partner_id": self.partner_id.id,
            "invoice_partner_id": self.partner_invoice_id.id,
            "user_id": self.user_id.id,
            "pricelist_id": self.pricelist_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "date": today,
            "date_start": today,
            "due_day": self.contract_due_day,
            "recurring_rule_type": rule,
            "recurring_interval": interval,
            **self._prepare_fees(lines - recurring),
            "contract_line_ids": [
                Command.create(line._prepare_contract_line(today)) for line in recurring
            ],
        }

    def _prepare_fees(self, fees):
        """Return what the contract charges for its activation, and what the order
        charged for it already."""
        charged_later = fees.filtered("is_billed_by_contract")
        charged_now = fees - charged_later
        cost = sum(
            self.currency_id.round(fee.product_uom_qty * fee.price_unit)
            for fee in charged_now
        )
        net = sum(fee._get_price_after_discount() for fee in charged_now)
        return {
            "activation_fee": sum(
                fee._get_price_after_discount() for fee in charged_later
            ),
            "installation_cost": cost,
            "installation_discount": cost - net,
        }

    def _prepare_contract_address(self, address):
        """Return where the service is delivered, if not at the customer's."""
        if not address or address == self.partner_id:
            return {}
        return {"has_own_address": True} | {
            name: address._fields[source].convert_to_write(address[source], address)
            for name, source in ADDRESS_FIELDS.items()
        }

    # === WHAT IS CHARGED ONCE ===

    def _invoice_one_off(self):
        """Bill and post at once what the contracts do not charge."""
        due = self.filtered(lambda order: order._has_one_off_to_invoice())
        if not due:
            return self.env["account.move"]
        with self._posting_together():
            moves = due._create_invoices(grouped=True, final=True)
        moves.action_post()
        return moves

    def _message_track(self, fields_iter, initial_values_dict):
        """Tell of all orders at once that they were confirmed."""
        with self._posting_together():
            return super()._message_track(fields_iter, initial_values_dict)

    def _has_one_off_to_invoice(self):
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and line.qty_to_invoice
        )
        amount = sum(lines.mapped("untaxed_amount_to_invoice"))
        return not self.currency_id.is_zero(amount)

    def _prepare_invoice(self):
        """Use the journal of contracts for what is sold along with one.

        The date is given now: where posting finds none, it changes each invoice
        apart, as slow as making it.
        """
        values = super()._prepare_invoice()
        if not (self.contract_ids or self.contract_id):
            return values
        journal = self.company_id.contract_journal_id
        if journal and not self.journal_id:
            values["journal_id"] = journal.id
        return values | {"invoice_date": fields.Date.context_today(self)}

    # === CANCELLING ===

    def _action_cancel(self):
        """Put away contracts not yet in force; refuse once one is."""
        contracts = self.sudo().contract_ids
        self._check_no_contract_in_force(contracts)
        contracts.filtered(
            lambda contract: contract.lifecycle_state in ("draft", "waiting")
        ).action_deactivate()
        return super()._action_cancel()

    def _check_no_contract_in_force(self, contracts):
        in_force = contracts.filtered(
            lambda contract: contract.lifecycle_state in ("active", "suspended")
        )
        if in_force:
            raise UserError(
                self.env._(
                    "%(contract)s is in force: cancel the contract, not the order that "
                    "sold it.",
                    contract=in_force[0].display_name,
                )
            )
        changed = self.sudo().filtered(lambda o: o.contract_id and o.state == "sale")
        if changed:
            raise UserError(
                self.env._(
                    "%(order)s has changed %(contract)s already. Make a new quote on "
                    "the contract instead.",
                    order=changed[0].name,
                    contract=changed[0].contract_id.display_name,
                )
            )
