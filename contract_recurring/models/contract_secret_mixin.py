import os
from configparser import RawConfigParser
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools.secret_box import SecretError, decrypt, encrypt, read_keys

KEY_FILE_VARIABLE = "CONTRACT_SECRET_KEY_FILE"
CONF_SECTION = "contract_recurring"
# What is shown for a secret that is set; writing it back changes nothing.
MASK = "••••••••"


class ContractSecretMixin(models.AbstractModel):
    """Fields whose value the database only keeps encrypted.

    The key lies in a file named by the variable CONTRACT_SECRET_KEY_FILE or by
    ``secret_key_file`` in section ``[contract_recurring]`` of odoo.conf, so a
    copy of the database gives nothing away. Each secret is a pair of fields:
    ``token``, computed by `_compute_secrets` with inverse `_inverse_secrets`,
    and ``token_cipher``, stored. Nobody reads a secret on a screen.
    """

    _name = "contract.secret.mixin"
    _description = "Encrypted Fields"

    _secret_names = ()

    def _compute_secrets(self):
        for record in self:
            for name in self._secret_names:
                record[name] = MASK if record.sudo()[f"{name}_cipher"] else False

    def _inverse_secrets(self):
        for record in self:
            for name in self._secret_names:
                if record[name] != MASK:
                    cipher = record[name] and self._encrypt_secret(record[name].strip())
                    record.sudo()[f"{name}_cipher"] = cipher
        self.invalidate_recordset(self._secret_names)

    def _get_secret(self, name):
        """Return a secret in clear, None where there is none; never log it."""
        self.ensure_one()
        cipher = self.sudo()[f"{name}_cipher"]
        try:
            return decrypt(self._get_secret_box(), cipher) if cipher else None
        except SecretError as error:
            raise UserError(
                self.env._(
                    "A password or token of “%(record)s” was encrypted with another "
                    "key. Enter it again, or restore the key file.",
                    record=self.display_name,
                )
            ) from error

    @api.model
    def _encrypt_secret(self, secret):
        return encrypt(self._get_secret_box(), secret)

    @api.model
    def _get_secret_box(self):
        path = self._get_secret_key_file()
        try:
            return read_keys(Path(path).read_text()) if path else self._raise_no_key()
        except (OSError, SecretError) as error:
            self._raise_no_key(error)

    @api.model
    def _raise_no_key(self, error=None):
        raise UserError(
            self.env._(
                "There is no key to encrypt passwords with. Run the setup again, or "
                "name the key file in odoo.conf, section [contract_recurring], "
                "secret_key_file."
            )
        ) from error

    @api.model
    def _get_secret_key_file(self):
        """Return the path of the key file: the environment before odoo.conf."""
        named = os.environ.get(KEY_FILE_VARIABLE)
        if named or not config["config"]:
            return named
        conf = RawConfigParser()
        conf.read([config["config"]])
        return conf.get(CONF_SECTION, "secret_key_file", fallback=None)
