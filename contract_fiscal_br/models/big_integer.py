"""Numbers of banks are longer than Odoo's whole numbers."""

from odoo import fields


class BigInteger(fields.Integer):
    """A whole number of eight bytes: a nosso número has up to seventeen digits.

    Odoo's own has four and ends at 2,147,483,647. A greater one is read as a float,
    as all of Odoo's are, which is exact up to 2^53, about sixteen digits.
    """

    type = "integer"
    _column_type = ("int8", "int8")
