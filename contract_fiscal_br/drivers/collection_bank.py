from pycobranca.exceptions import BoletoInvalido, DadosInvalidos

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.payer import format_document


class CollectionBank(models.AbstractModel):
    """What differs between banks: one file beside this for each of them.

    A driver names its slip class of `pycobranca` and corrects what that prints
    wrong. It keeps nothing and talks to nobody.
    """

    _name = "collection.bank"
    _description = "Bank of Collection"

    # Class of pycobranca.bancos that composes this bank's barcode.
    _slip_class = None
    # Digits of the nosso número that the company counts, check digit aside.
    _nosso_numero_digits = 0
    # Fields of the collection account that this bank asks for.
    _required_fields = ("agency", "account_number", "wallet")

    # === ACCOUNT ===

    @api.model
    def _check_account(self, account):
        """Raise a UserError that names the fields if the bank could not use it."""
        self._check_filled(account, self._required_fields)
        wallets = self._slip_class.carteiras
        if wallets and account.wallet not in wallets:
            raise UserError(
                self.env._(
                    "%(account)s: %(bank)s has no wallet %(wallet)s here. Use one "
                    "of: %(wallets)s.",
                    account=account.name,
                    bank=self._slip_class.nome,
                    wallet=account.wallet,
                    wallets=", ".join(wallets),
                )
            )

    @api.model
    def _check_filled(self, account, names):
        """Raise a UserError that names the fields that are empty, all at once."""
        missing = ", ".join(
            f"“{account._fields[name]._description_string(self.env)}”"
            for name in names
            if not account[name]
        )
        if missing:
            raise UserError(
                self.env._(
                    "%(account)s: %(bank)s also needs %(fields)s.",
                    account=account.name,
                    bank=self._slip_class.nome,
                    fields=missing,
                )
            )

    @api.model
    def _get_last_nosso_numero(self, account):
        """Return the greatest nosso número that fits."""
        return 10**self._nosso_numero_digits - 1

    @api.model
    def _get_nosso_numero_range(self, account, day):
        """Return the first and the last nosso número of titles issued on a day."""
        return 1, self._get_last_nosso_numero(account)

    # === SLIP ===

    @api.model
    def _get_slip(self, title):
        """Return pycobranca's slip of a title.

        :raise UserError: what the bank would refuse, in its own words
        """
        slip = self._slip_class(**self._prepare_slip(title))
        try:
            slip.validar()
        except (BoletoInvalido, DadosInvalidos) as error:
            raise UserError(
                self.env._(
                    "No boleto for %(invoice)s: %(reason)s.",
                    invoice=title.move_id.display_name,
                    reason=error,
                )
            ) from error
        return slip

    @api.model
    def _prepare_slip(self, title):
        """Return the arguments of the slip class."""
        account = title.account_id
        return {
            "valor": title._get_amount_decimal(),
            "data_vencimento": title.due_date,
            "data_documento": title.issue_date,
            "numero_documento": title.document_number,
            "nosso_numero": title.nosso_numero,
            "carteira": account.wallet or "",
            "agencia": account.agency or "",
            "digito_agencia": account.agency_digit or "",
            "conta": account.account_number or "",
            "digito_conta": account.account_digit or "",
            "convenio": account.agreement or "",
            "digito_convenio": account.agreement_digit or "",
            "variacao": account.variation or "",
            "posto": account.post or "",
            "byte_idt": account.id_byte or "",
            "numero_contrato": account.contract_number or "",
            "instrucoes": title._get_instructions(),
            **self._prepare_parties(title),
        }

    @api.model
    def _prepare_parties(self, title):
        beneficiary = title.company_id.partner_id
        return {
            "cedente": beneficiary.name,
            "cedente_documento": format_document(beneficiary.vat or ""),
            "cedente_endereco": title._format_address(beneficiary),
            "cedente_cidade": beneficiary.city or "",
            "sacado": title.partner_id.name,
            "sacado_documento": format_document(title.partner_id.vat or ""),
            "sacado_endereco": title._format_address(title.partner_id),
        }

    @api.model
    def _get_print_context(self, title):
        """Return what pycobranca draws, with the bank's corrections."""
        context = self._get_slip(title).contexto_render()
        context["beneficiario"]["agencia_codigo"] = self._format_agency(
            title.account_id, context["beneficiario"]["agencia_codigo"]
        )
        return context

    @api.model
    def _format_agency(self, account, printed):
        """Return “Agência / Código do beneficiário” as the bank prints it.

        :param printed: what pycobranca would print
        """
        return printed

    @api.model
    def _get_full_nosso_numero(self, slip):
        """Return the nosso número as issued, check digit included."""
        return slip.nosso_numero_formatado()
