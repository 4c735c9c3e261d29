import base64
import binascii
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .collection_account_api import MANAGER

# Banks take days to issue a certificate.
WARNING_DAYS = 30


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

    is_certificate_ending = fields.Boolean(compute="_compute_is_certificate_ending")

    @api.depends("certificate_expiry")
    def _compute_is_certificate_ending(self):
        for account in self:
            expiry = account.certificate_expiry
            last = account.company_id._get_local_date() + timedelta(WARNING_DAYS)
            account.is_certificate_ending = bool(expiry) and expiry <= last

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
            expiry = certificate.not_valid_after_utc.date()
        except (ValueError, TypeError, binascii.Error) as error:
            raise UserError(
                self.env._(
                    "This is no certificate with its key, or the password is wrong. "
                    "Upload the .pfx or .p12 file as the bank gave it."
                )
            ) from error
        if expiry < self.company_id._get_local_date():
            raise UserError(
                self.env._(
                    "This certificate was valid until %(date)s. Ask the bank for a new "
                    "one.",
                    date=format_date(self.env, expiry),
                )
            )
        self.certificate = pem
        self.certificate_subject = self._get_common_name(certificate)
        self.certificate_expiry = expiry

    @api.model
    def _get_common_name(self, certificate):
        """Return who a certificate is of, as people call it."""
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        words = names[0].value if names else certificate.subject.rfc4514_string()
        return str(words)[:120]

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
