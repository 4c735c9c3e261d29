import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, formatLang

from odoo.addons.queue_job.job import identity_exact

from ..const import PIX_BACKENDS
from ..tools.pix_page import PixPage, draw_qr, join_pages, render_pix_page

# API Pix: [a-zA-Z0-9]{26,35} for charges with a due date and recurring ones.
TXID_LENGTH = 32


class CollectionTitle(models.Model):
    """Titles that a bank keeps by its API."""

    _inherit = "collection.title"

    own_number = fields.Char(
        string="Our Number at the Bank",
        readonly=True,
        copy=False,
        index=True,
        help="What the company calls the title at the bank (seu número).",
    )
    bank_reference = fields.Char(
        string="Bank's Reference",
        readonly=True,
        copy=False,
        index=True,
        help="What the bank calls the title.",
    )
    pix_qr = fields.Binary(string="QR Code", compute="_compute_pix_qr")
    may_print = fields.Boolean(compute="_compute_may_print")
    is_pix_refundable = fields.Boolean(compute="_compute_is_pix_refundable")
    is_api = fields.Boolean(related="account_id.is_api")
    asked_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the bank was last asked what became of it.",
    )

    @api.depends("pix_copy_paste")
    def _compute_pix_qr(self):
        for title in self:
            code = title.pix_copy_paste
            title.pix_qr = code and base64.b64encode(draw_qr(code))

    @api.depends("barcode", "pix_copy_paste", "account_id.backend")
    def _compute_may_print(self):
        for title in self:
            title.may_print = title._is_printable()

    @api.depends("event_ids.kind", "event_ids.paid", "account_id.backend")
    def _compute_is_pix_refundable(self):
        for title in self:
            title.is_pix_refundable = bool(title._get_refundable_payments())

    @api.depends("nosso_numero")
    def _compute_nosso_numero_int(self):
        """Numbers of the bank are not counted here, and longer than an integer."""
        by_api = self.filtered(lambda title: title.account_id.is_api)
        by_api.nosso_numero_int = 0
        return super(CollectionTitle, self - by_api)._compute_nosso_numero_int()

    def _compose(self):
        """Give titles of APIs their identity; the bank gives barcodes and numbers."""
        by_api = self.filtered(lambda title: title.account_id.is_api)
        for title in by_api:
            title.own_number = title.own_number or str(title.id)
            if title.account_id.backend in PIX_BACKENDS and not title.txid:
                title.txid = title._get_new_txid()
                title.nosso_numero_full = title.nosso_numero_full or title.nosso_numero
        return super(CollectionTitle, self - by_api)._compose()

    def _get_new_txid(self):
        """Return the same identity for the same title, another one in a copy of the
        database: the bank must not take one for the other."""
        self.ensure_one()
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        seed = f"{database}|{self.account_id.id}|{self.id}"
        return hashlib.sha256(seed.encode()).hexdigest()[:TXID_LENGTH]

    # === ACTIONS ===

    def action_ask_bank(self):
        """Ask the bank what became of the titles, in a job."""
        self.check_access("write")
        for account, titles in self.grouped("account_id").items():
            if account.is_api:
                account.sudo().with_delay(
                    channel="root.bank",
                    identity_key=identity_exact,
                    description=self.env._("Ask the bank about %s titles", len(titles)),
                )._ask_about(titles.ids)
        return self.env["collection.account"]._notify(
            self.env._("The bank is being asked. Payments appear in a few minutes.")
        )

    def action_give_back(self):
        """Open a refund of the last Pix, its amount filled in."""
        self.ensure_one()
        self.env["pix.refund"].check_access("create")
        payments = self._get_refundable_payments()
        if not payments:
            raise UserError(self.env._("Nothing of this Pix is left to give back."))
        payment = payments.sorted("id")[-1]
        return {
            "type": "ir.actions.act_window",
            "res_model": "pix.refund",
            "view_mode": "form",
            "context": {
                "default_event_id": payment.id,
                "default_amount": payment._get_refundable(),
            },
        }

    # === PRINTING ===

    def _is_printable(self):
        """Return whether there is something to pay by on paper."""
        self.ensure_one()
        is_pix = self.account_id.backend in PIX_BACKENDS
        return bool(self.barcode or (is_pix and self.pix_copy_paste))

    def _get_slip_context(self):
        self.ensure_one()
        if self.account_id.is_api and not self.barcode:
            raise UserError(self._get_unregistered_words())
        return super()._get_slip_context()

    def _render_pdf(self):
        """Return boletos and Pix charges as one PDF, in their order."""
        by_pix = self.filtered(lambda t: t.account_id.backend in PIX_BACKENDS)
        if not by_pix:
            return super()._render_pdf()
        pages = [
            render_pix_page(title._get_pix_page())
            if title in by_pix
            else super(CollectionTitle, title)._render_pdf()
            for title in self
        ]
        return join_pages(pages)

    def _get_pix_page(self):
        """Return what the page of a Pix charge prints."""
        self.ensure_one()
        if not self._is_printable():
            raise UserError(self._get_unregistered_words())
        title = self.with_context(lang=self.partner_id.lang or "pt_BR")
        company = self.company_id.partner_id
        return PixPage(
            heading=title.env._("Pay by Pix"),
            lines=[
                (title.env._("To"), f"{company.name} · {company.vat or ''}"),
                (title.env._("From"), self.partner_id.name),
                (title.env._("Invoice"), self.document_number),
                (title.env._("Due date"), format_date(title.env, self.due_date)),
                (
                    title.env._("Amount"),
                    formatLang(title.env, self.amount, currency_obj=self.currency_id),
                ),
            ],
            code=self.pix_copy_paste,
            code_label=title.env._("Pix copy and paste"),
            notes=title._get_instructions(),
        )

    def _get_unregistered_words(self):
        return self.env._(
            "%(title)s is not registered at the bank yet. Try again in a few "
            "minutes, or look at the problems of %(account)s.",
            title=self.display_name,
            account=self.account_id.name,
        )

    # === BANK ===

    def _note_registration(self, answer):
        """Write what the bank gave a boleto: number, barcode, Pix.

        :param answer: `brbank.modelos.TituloRegistrado`
        """
        self.ensure_one()
        number = answer.nosso_numero
        vals = {
            "bank_reference": answer.id_banco,
            "barcode": answer.codigo_barras,
            "digitable_line": answer.linha_digitavel,
            "pix_copy_paste": answer.pix_copia_cola,
            "txid": answer.txid,
        }
        if number:
            vals |= {"nosso_numero": number, "nosso_numero_full": number}
        self.write({name: value for name, value in vals.items() if value})

    def _get_refundable_payments(self):
        """Return the Pix of a title of which something can be given back."""
        self.ensure_one()
        if self.account_id.backend not in PIX_BACKENDS:
            return self.env["collection.event"]
        return self.sudo().event_ids.filtered(
            lambda event: (
                event.kind == "paid"
                and event.external_id
                and self.currency_id.compare_amounts(event._get_refundable(), 0) > 0
            )
        )

    @api.model
    def _find_by_reference(self, account, name, values):
        """Return the titles of an account that the bank knows by some references."""
        return self.sudo().search(
            [("account_id", "=", account.id), (name, "in", list(values))]
        )
