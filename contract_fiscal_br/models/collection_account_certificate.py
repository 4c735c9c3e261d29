import base64
import binascii

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from odoo import api, fields, models
from odoo.exceptions import UserError

from .collection_account_api import MANAGER


class CollectionAccount(models.Model):
    """The certificate a bank knows its client by (mTLS).

    It comes as the bank hands it out, PKCS #12 with a password or PEM with the key,
    and is kept as PEM, encrypted. File and password are never stored.
    """

    _inherit = "collection.account"

    certificate_file = fields.Binary(
        string="Upload Certificate",
        compute="_compute_certificate_file",
        inverse="_inverse_certificate_file",
        groups=MANAGER,
        help="The file of the bank, .pfx or .p12, or a .pem with certificate and key.",
    )
    certificate_password = fields.Char(
        compute="_compute_certificate_file",
        inverse="_inverse_certificate_file",
        groups=MANAGER,
        help="Of the file; it is not kept.",
    )
    certificate_subject = fields.Char(string="Issued To", readonly=True, copy=False)
    certificate_expiry = fields.Date(
        string="Certificate Valid Until", readonly=True, copy=False
    )

    def _compute_certificate_file(self):
        self.certificate_file = False
        self.certificate_password = False

    def _inverse_certificate_file(self):
        for account in self:
            if account.certificate_file:
                account._set_certificate(
                    account.certificate_file, account.certificate_password
                )
        self.invalidate_recordset(["certificate_file", "certificate_password"])

    def _set_certificate(self, content, password):
        """Keep a certificate.

        :param content: base64 of PKCS #12 or PEM
        :raise UserError: it is none, has no key, or the password is wrong
        """
        self.ensure_one()
        raw_password = password.encode() if password else None
        try:
            raw = base64.b64decode(content)
            read = self._read_pem if b"-----BEGIN" in raw else self._read_pkcs12
            pem, certificate = read(raw, raw_password)
        except (ValueError, TypeError, binascii.Error) as error:
            raise UserError(
                self.env._(
                    "This is no certificate with its key, or the password is wrong. "
                    "Upload the .pfx or .p12 file as the bank gave it."
                )
            ) from error
        self.certificate = pem
        self.certificate_subject = certificate.subject.rfc4514_string()[:120]
        self.certificate_expiry = certificate.not_valid_after_utc.date()

    @api.model
    def _read_pkcs12(self, raw, password):
        key, certificate, others = pkcs12.load_key_and_certificates(raw, password)
        if not key or not certificate:
            raise ValueError("no key")
        return self._write_pem(key, [certificate, *others]), certificate

    @api.model
    def _read_pem(self, raw, password):
        certificates = x509.load_pem_x509_certificates(raw)
        key_start = next(
            (raw.index(mark) for mark in self._get_key_marks() if mark in raw), None
        )
        if key_start is None:
            raise ValueError("no key")
        key = load_pem_private_key(raw[key_start:], password)
        return self._write_pem(key, certificates), certificates[0]

    @api.model
    def _get_key_marks(self):
        kinds = (b"", b"ENCRYPTED ", b"RSA ", b"EC ")
        return [b"-----BEGIN " + kind + b"PRIVATE KEY-----" for kind in kinds]

    @api.model
    def _write_pem(self, key, certificates):
        parts = [
            *(certificate.public_bytes(Encoding.PEM) for certificate in certificates),
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        ]
        return b"".join(parts).decode()
