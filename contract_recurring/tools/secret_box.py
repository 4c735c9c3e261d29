"""Secrets as the database keeps them: encrypted, the key elsewhere.

Fernet (AES-128-CBC with HMAC-SHA256), from ``cryptography``. A key file holds
a key a line: the first encrypts, all of them decrypt, so a key is replaced by
adding the new one above the old.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SecretError(ValueError):
    """A secret or key that cannot be used; never says the secret."""


def read_keys(text):
    """Return what encrypts and decrypts with the keys of a file.

    :raise SecretError: no key, or something that is none

    >>> box = read_keys(Fernet.generate_key().decode())
    >>> decrypt(box, encrypt(box, "token"))
    'token'
    >>> read_keys("abc")
    Traceback (most recent call last):
    ...
    tools.secret_box.SecretError: the key file holds no key
    """
    lines = [line.strip() for line in text.splitlines()]
    try:
        keys = [Fernet(line) for line in lines if line and not line.startswith("#")]
        return MultiFernet(keys)
    except ValueError as error:
        raise SecretError("the key file holds no key") from error


def encrypt(box, secret):
    return box.encrypt(secret.encode()).decode()


def decrypt(box, cipher):
    """Return a secret in clear.

    :raise SecretError: encrypted with another key

    >>> one, other = (read_keys(Fernet.generate_key().decode()) for _ in "ab")
    >>> decrypt(other, encrypt(one, "token"))
    Traceback (most recent call last):
    ...
    tools.secret_box.SecretError: encrypted with another key
    """
    try:
        return box.decrypt(cipher.encode()).decode()
    except InvalidToken as error:
        raise SecretError("encrypted with another key") from error
