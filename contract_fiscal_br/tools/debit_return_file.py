"""A return of direct debit, read."""

from dataclasses import dataclass

from .return_file import ReturnFile


@dataclass(frozen=True)
class DebitReturnFile(ReturnFile):
    """A `ReturnFile` that also tells of authorisations.

    :param options: `cnab150_reader.DebitOption`, who opted in or out at the bank
    :param objections: `cnab150_reader.DebitObjection`, what the bank did not change
    :param processed: numbers of our files the bank says it has taken
    """

    options: tuple = ()
    objections: tuple = ()
    processed: tuple = ()
