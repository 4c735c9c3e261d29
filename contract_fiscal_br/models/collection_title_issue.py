from stdnum.br import cnpj, cpf

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

# What banks ask of the payer's address to register a boleto (CNAB segment Q).
ADDRESS_FIELDS = ("street", "zip", "city", "state_id")
POSTCODE_DIGITS = 8


class CollectionTitle(models.Model):
    """What keeps a title from being issued, said before a bank refuses it."""

    _inherit = "collection.title"

    @api.model
    def _issue_possible(self, moves, issue_date):
        """Issue what can be issued; note on the other invoices why not.

        One bad payer must not hold up the billing of others.

        :return: the titles
        """
        moves = moves.browse(moves.ids)  # all of them read together
        obstacles = self._get_issue_obstacles(moves)
        for move, obstacle in obstacles.items():
            move._note_boleto_obstacle(obstacle)
        good = moves.filtered(lambda move: move not in obstacles)
        overdue = good.filtered(lambda move: move._is_overdue_on(issue_date))
        titles = self._issue_halving(good - overdue, issue_date)
        for move in overdue:
            titles |= self._issue_halving(move, issue_date)
        return titles

    @api.model
    def _issue_halving(self, moves, issue_date):
        """Issue together; where that fails, each half, so that one fails alone."""
        if not moves:
            return self.browse()
        try:
            with self.env.cr.savepoint():
                titles = self._issue_or_update(moves, issue_date)
        except UserError as error:
            if len(moves) == 1:
                moves._note_boleto_obstacle(str(error))
                return self.browse()
        else:
            moves._note_boleto_obstacle(False)
            return titles
        middle = len(moves) // 2
        return self._issue_halving(moves[:middle], issue_date) | self._issue_halving(
            moves[middle:], issue_date
        )

    @api.model
    def _issue_or_update(self, moves, issue_date):
        """Issue titles; of an overdue invoice one that can still be paid.

        No bank registers a title whose due date is over.
        """
        if len(moves) == 1 and moves._is_overdue_on(issue_date):
            day = next_bank_day(issue_date)
            return self._issue_updated(moves, day, issue_date)
        return self._issue(moves, issue_date)

    @api.model
    def _get_issue_obstacles(self, moves):
        """Return {invoice: why it can have no title}."""
        obstacles = {}
        for move in moves:
            account = move.collection_account_id
            reason = (
                self._get_amount_obstacle(move)
                or self._get_company_obstacle(move, account)
                or account
                and self._get_payer_obstacle(move.commercial_partner_id, account)
            )
            if reason:
                obstacles[move] = reason
        return obstacles

    @api.model
    def _get_amount_obstacle(self, move):
        if move.currency_id != move.company_id.currency_id:
            return self.env._(
                "%(invoice)s is in %(currency)s. Banks collect in %(own)s: choose "
                "another way to pay.",
                invoice=move.display_name,
                currency=move.currency_id.name,
                own=move.company_id.currency_id.name,
            )
        if move.currency_id.compare_amounts(move.amount_residual, 0) > 0:
            return None
        return self.env._(
            "%(invoice)s has nothing left to pay.", invoice=move.display_name
        )

    @api.model
    def _get_company_obstacle(self, move, account):
        """Return why the money would come to another company, or None."""
        if not account or account.company_id in move.company_id.parent_ids:
            return None
        return self.env._(
            "%(invoice)s is of another company than %(account)s. Choose another "
            "payment mode.",
            invoice=move.display_name,
            account=account.name,
        )

    @api.model
    def _get_payer_obstacle(self, partner, account):
        """Return what the bank would miss of a payer, or None."""
        names = {"customer": partner.display_name}
        number = (partner.vat or "").strip()
        if not number:
            return self.env._("%(customer)s has no CPF or CNPJ. Enter it.", **names)
        if not (cpf.is_valid(number) or cnpj.is_valid(number)):
            return self.env._(
                "%(number)s of %(customer)s is no valid CPF or CNPJ. Correct it.",
                number=number,
                **names,
            )
        if account._is_boleto_account():
            return self._get_address_obstacle(partner)
        return None

    @api.model
    def _get_address_obstacle(self, partner):
        missing = [
            partner._fields[name]._description_string(self.env)
            for name in ADDRESS_FIELDS
            if not partner[name]
        ]
        names = {"customer": partner.display_name}
        if missing:
            return self.env._(
                "The address of %(customer)s is incomplete. Enter: %(fields)s.",
                fields=", ".join(missing),
                **names,
            )
        digits = [sign for sign in partner.zip if sign.isdigit()]
        if len(digits) != POSTCODE_DIGITS:
            return self.env._(
                "The postcode (CEP) of %(customer)s has 8 digits, not “%(zip)s”.",
                zip=partner.zip,
                **names,
            )
        return None
