from odoo import api, models

from ..tools.cnab150_layout import OPTED_IN

# What the bank is told (field C05); its own language whoever imports the file.
NOT_FOUND = "Identificação do cliente não localizada"
INACTIVE = "Cliente desativado no cadastro da empresa"
OTHER_BANK = "Cliente cadastrado em outro banco com data posterior"


class DirectDebitAuthorization(models.Model):
    """What customers decided at their bank (record B of a return)."""

    _inherit = "direct.debit.authorization"

    @api.model
    def _take_options(self, account, options):
        """Follow what a file tells, in its order; the same file again changes nothing.

        What belongs to no contract in force is refused: the bank is told so by the
        next remittance (record C).

        :param options: `tools.cnab150_reader.DebitOption`
        :return: the authorisations that changed
        """
        known = self.search(
            [
                ("account_id", "=", account.id),
                ("debit_code", "in", [option.client_id for option in options]),
            ]
        ).grouped("debit_code")
        changed = self.browse()
        for option in options:
            authorization = known.get(option.client_id, self.browse())
            if not authorization:
                self._refuse_option(account, option, NOT_FOUND)
            elif authorization._take_option(option):
                changed |= authorization
        return changed

    @api.model
    def _note_objections(self, account, objections):
        """Post what the bank did not do of what it was told (record H)."""
        known = self.search(
            [
                ("account_id", "=", account.id),
                ("debit_code", "in", [objection.client_id for objection in objections]),
            ]
        ).grouped("debit_code")
        for objection in objections:
            authorization = known.get(objection.client_id)
            if authorization:
                authorization.message_post(
                    body=self.env._("The bank objects: %s", objection.words)
                )

    def _take_option(self, option):
        """Return whether the option changed anything."""
        self.ensure_one()
        if self._is_outdated(option):
            return False
        return self._opt_in(option) if option.is_in else self._opt_out(option)

    def _is_outdated(self, option):
        """Return whether something later than the option is known."""
        latest = max(filter(None, (self.authorised_on, self.ended_on)), default=None)
        return bool(latest and option.day < latest)

    def _opt_in(self, option):
        values = {"branch": option.branch, "bank_account": option.account}
        if self.state == "authorised":
            if all(self[name] == value for name, value in values.items()):
                return False
            self.write(values)
            return True
        if self.contract_id.lifecycle_state in ("closed", "deactivated"):
            self._refuse_option(self.account_id, option, INACTIVE)
            return False
        others = self._get_other_live()
        if any(
            other.authorised_on and other.authorised_on > option.day for other in others
        ):
            self._refuse_option(
                self.account_id,
                option,
                OTHER_BANK,
            )
            return False
        others._cancel(option.day, self.env._("The customer opted for another bank"))
        self.flush_model(["state"])
        self._authorise("bank", option.day, **values)
        return True

    def _opt_out(self, option):
        if self.state != "authorised":
            return False
        self._cancel(
            option.day,
            self.env._("The customer opted out at the bank"),
            is_bank_told=False,
        )
        self.origin = "bank"
        return True

    def _get_other_live(self):
        return self.search(
            [
                ("contract_id", "=", self.contract_id.id),
                ("id", "!=", self.id),
                ("state", "in", self._live_states),
            ]
        )

    @api.model
    def _refuse_option(self, account, option, words):
        if not option.is_in:
            return
        self.env["direct.debit.message"]._request(
            account,
            "refusal",
            option.client_id,
            branch=option.branch,
            bank_account=option.account,
            movement=OPTED_IN,
            words=words,
        )
