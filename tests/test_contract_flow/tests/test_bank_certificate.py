import base64
import os
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from odoo.exceptions import UserError
from odoo.tests import tagged

from .bank_common import BankApiCase

PASSWORD = "senha-do-arquivo"


class Authority:
    """A certificate authority that lasts as long as a test."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "AC Teste")])
        self.certificate = self._sign(self.name, self.key.public_key(), is_ca=True)
        self.path = self._write("ca.pem", self.certificate)

    def _sign(self, name, public_key, is_ca=False, until=None):
        now = datetime.now(UTC)
        last = max(now, datetime(2027, 1, 1, tzinfo=UTC)) + timedelta(90)
        address = x509.IPAddress(ip_address("127.0.0.1"))
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
            .not_valid_after(until or last)
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(x509.SubjectAlternativeName([address]), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self.key.public_key()
                ),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )

    def _write(self, name, certificate, key=None):
        content = certificate.public_bytes(Encoding.PEM)
        if key:
            content = key.private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            )
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def issue(self, common_name, until=None):
        """Return (key, certificate)."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        return key, self._sign(name, key.public_key(), until=until)

    def issue_files(self, common_name):
        """Return the paths of a certificate and its key."""
        key, certificate = self.issue(common_name)
        return (
            self._write(f"{common_name}.pem", certificate),
            self._write(f"{common_name}.key", certificate, key),
        )


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestBankCertificate(BankApiCase):
    """The bank knows its client by a certificate (mTLS), over HTTPS."""

    def _start_simulator(self, **arguments):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.authority = Authority(folder)
        files = self.authority.issue_files("banco")
        variables = {"SSL_CERT_FILE": self.authority.path}
        self.enterContext(patch.dict(os.environ, variables))
        return super()._start_simulator(tls=(*files, self.authority.path))

    def _prepare_pkcs12(self, until=None):
        key, certificate = self.authority.issue("provedor", until)
        return pkcs12.serialize_key_and_certificates(
            b"provedor",
            key,
            certificate,
            None,
            BestAvailableEncryption(PASSWORD.encode()),
        )

    def _upload(self, content, password=PASSWORD):
        self.account.write(
            {
                "certificate_file": base64.b64encode(content),
                "certificate_password": password,
            }
        )

    def test_certificate_opens_the_bank(self):
        self._upload(self._prepare_pkcs12())
        self.assertEqual(self.account.certificate_subject, "provedor")
        self.assertTrue(self.account.certificate_expiry)
        title = self._register()
        self.assertEqual(title.state, "registered")

    def test_pem_with_its_key_is_taken_too(self):
        key, certificate = self.authority.issue("provedor")
        pem = certificate.public_bytes(Encoding.PEM) + key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        self._upload(pem, password=False)
        self.account.action_test_connection()

    def test_without_certificate_the_bank_is_closed(self):
        title = self._issue()
        self.assertTrue(self._run(title.instruction_ids))
        self.assertFalse(self.simulator.accepted)
        self.assertIn(title.instruction_ids.state, ("pending", "uncertain"))

    def test_wrong_password_and_other_files_are_refused(self):
        for content, password in (
            (self._prepare_pkcs12(), "outra"),
            (b"%PDF-1.4", PASSWORD),
            (b"", PASSWORD),
            (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", ""),
        ):
            with self.subTest(content[:8]), self.assertRaises(UserError):
                self._upload(content, password)
                self.account._set_certificate(base64.b64encode(content), password)

    def test_certificate_that_is_over_is_refused(self):
        over = self._prepare_pkcs12(until=datetime(2026, 3, 1, 12, tzinfo=UTC))
        with self.assertRaisesRegex(UserError, "new one"):
            self._upload(over)
        self.assertFalse(self.account.sudo().certificate_cipher)

    def test_certificate_that_ends_soon_is_told(self):
        # today is 02/03/2026
        self._upload(self._prepare_pkcs12(until=datetime(2026, 4, 2, tzinfo=UTC)))
        self.assertFalse(self.account.is_certificate_ending)
        self._upload(self._prepare_pkcs12(until=datetime(2026, 4, 1, tzinfo=UTC)))
        self.assertTrue(self.account.is_certificate_ending)

    def test_key_and_password_are_nowhere_in_clear(self):
        self._upload(self._prepare_pkcs12())
        self.env.flush_all()
        for text in (PASSWORD, "PRIVATE KEY"):
            self.env.cr.execute(
                "SELECT count(*) FROM collection_account a WHERE a::text LIKE %s",
                [f"%{text}%"],
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0)
            self.assertNotIn(text, str(self.account.read()))
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", "collection.account"), ("res_field", "!=", False)]
            )
        )
