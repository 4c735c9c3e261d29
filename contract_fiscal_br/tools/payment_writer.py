"""Write payments to customers as a CNAB 240 file: segments A and B.

The records are those `pycnab240` ships for Itaú, Santander, Bradesco and Sicoob; a Pix
by key has a segment B of its own (FEBRABAN CNAB 240, fields G100 and G101: form of
initiation in 15 to 17, key in 128 to 226). Pure: the same arguments, the same bytes.
"""

import unicodedata
from collections import namedtuple
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pycnab240 import bancos
from pycnab240.errors import Cnab240Error
from pycnab240.record import Records
from pycnab240.utils import FORMA_DE_LANCAMENTO

FOLDER = Path(__file__).resolve().parents[1] / "data" / "payments"

Bank = namedtuple("Bank", "records lot_version")
BANKS = {
    "033": Bank(bancos.santander.records, 31),
    "237": Bank(bancos.bradesco.records, 45),
    "341": Bank(bancos.itau.records, 40),
    "756": Bank(bancos.sicoob.records, 45),
}

# G100: form of initiation by kind of key
PIX_KINDS = {"phone": "01", "email": "02", "cnpj_cpf": "03", "evp": "04"}
PIX_FORM, PIX_CHAMBER = "45", 9
TED_CHAMBER = 18
SEVERAL_PAYMENTS = 98
# Purpose of a TED: credit to an account
TED_PURPOSE = "00010"


@dataclass(frozen=True)
class PaymentSender:
    """The account that pays; numbers are digits alone."""

    bank: str
    name: str
    vat: str
    agreement: str
    agency: str
    agency_digit: str
    account: str
    account_digit: str


@dataclass(frozen=True)
class PaymentOrder:
    """One payment, to an account or to a Pix key.

    :param Decimal amount: in BRL, with two places
    :param str vat: CPF or CNPJ of the favoured, digits alone
    """

    reference: str
    name: str
    vat: str
    day: date
    amount: Decimal
    bank: str = ""
    agency: str = ""
    agency_digit: str = ""
    account: str = ""
    account_digit: str = ""
    pix_kind: str = ""
    pix_key: str = ""


def write_payments(sender, orders, number, generated_at):
    """Return the bytes of a file; payments of one form share a lot.

    :raise ValueError: a value that does not fit; its field is the argument
    """
    lots = {}
    for order in orders:
        lots.setdefault(_get_form(sender.bank, order), []).append(order)
    lines = [_write_file_header(sender, number, generated_at)]
    for lot, (form, in_lot) in enumerate(sorted(lots.items()), 1):
        lines += _write_lot(sender, lot, form, in_lot)
    lines.append(
        _write(
            sender.bank,
            "TrailerArquivo",
            totais_quantidade_lotes=len(lots),
            totais_quantidade_registros=len(lines) + 1,
        )
    )
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _get_form(bank, order):
    """Return the form of payment (G029), as the bank numbers it."""
    if order.pix_key:
        return PIX_FORM
    forms = FORMA_DE_LANCAMENTO[bank]
    return forms["CC_OTHER_TITUL" if order.bank == bank else "TED_OTHER_BANK"]


def _write_file_header(sender, number, generated_at):
    return _write(
        sender.bank,
        "HeaderArquivo",
        data_geracao_arquivo=int(f"{generated_at:%d%m%Y}"),
        hora_geracao_arquivo=int(f"{generated_at:%H%M%S}"),
        numero_sequencial_arquivo=number,
        **_prepare_sender(sender),
    )


def _write_lot(sender, lot, form, orders):
    lines = [
        _write(
            sender.bank,
            "HeaderLote",
            controle_lote=lot,
            tipo_servico=SEVERAL_PAYMENTS,
            tipo_pagamento=SEVERAL_PAYMENTS,
            forma_lancamento=form,
            numero_versao_lote=BANKS[sender.bank].lot_version,
            **_prepare_sender(sender),
        )
    ]
    for order in orders:
        lines.append(_write_payment(sender.bank, lot, len(lines), order))
        lines.append(_write_favoured(sender.bank, lot, len(lines), order))
    lines.append(
        _write(
            sender.bank,
            "TrailerLote",
            controle_lote=lot,
            quantidade_registros=len(lines) + 1,
            somatorio_valores=sum((o.amount for o in orders), Decimal("0.00")),
        )
    )
    return lines


def _prepare_sender(sender):
    return {
        "cedente_inscricao_tipo": 2 if len(sender.vat) == 14 else 1,
        "cedente_inscricao_numero": sender.vat,
        "codigo_convenio": sender.agreement,
        "cedente_agencia": sender.agency,
        "cedente_agencia_dv": sender.agency_digit,
        "cedente_conta": sender.account,
        "cedente_conta_dv": sender.account_digit,
        "dac": sender.account_digit,
        "cedente_nome": _plain(sender.name, 30),
    }


def _write_payment(bank, lot, sequence, order):
    """Return segment A."""
    is_ted = not order.pix_key and order.bank != bank
    values = {
        "controle_lote": lot,
        "sequencial_registro_lote": sequence,
        "favorecido_nome": _plain(order.name, 30),
        "numero_documento_cliente": order.reference,
        "data_pagamento": int(f"{order.day:%d%m%Y}"),
        "valor_pagamento": order.amount,
        "numero_inscricao": order.vat,
        "finalidade_ted": TED_PURPOSE if is_ted else "",
    }
    if order.pix_key:
        values["codigo_camara_compensacao"] = PIX_CHAMBER
    else:
        values |= {
            "codigo_camara_compensacao": TED_CHAMBER if is_ted else 0,
            "favorecido_banco": order.bank,
            "favorecido_agencia": order.agency,
            "favorecido_agencia_dv": order.agency_digit,
            "favorecido_conta": order.account,
            "favorecido_conta_dv": order.account_digit,
            "dac": order.account_digit,
        }
    name = "SegmentoA"
    if bank == "341":
        is_own = order.bank == bank and not order.pix_key
        name = "SegmentoA_Itau_Unibanco" if is_own else "SegmentoA_outros_bancos"
    return _write(bank, name, **values)


def _write_favoured(bank, lot, sequence, order):
    """Return segment B: who is paid, and the key of a Pix."""
    values = {
        "controle_lote": lot,
        "sequencial_registro_lote": sequence,
        "favorecido_inscricao_tipo": 2 if len(order.vat) == 14 else 1,
        "favorecido_inscricao_numero": order.vat,
    }
    if not order.pix_key:
        return _write(bank, "SegmentoB", **values)
    return _fill(
        _get_pix_records()["SegmentoBPix"],
        controle_banco=bank,
        forma_iniciacao=PIX_KINDS[order.pix_kind],
        chave_pix=order.pix_key,
        **values,
    )


@lru_cache
def _get_pix_records():
    return Records(str(FOLDER))


def _write(bank, record, **values):
    return _fill(BANKS[bank].records[record], **values)


def _fill(record_class, **values):
    """Return the line; texts go to fields of digits as numbers and the other way."""
    record = record_class()
    for name, value in values.items():
        field = record._fields.get(name)
        if field is None:
            continue
        try:
            setattr(record, name, _convert(field, value))
        except (Cnab240Error, ValueError) as error:
            raise ValueError(name) from error
    line = str(record)
    if len(line) != 240:
        raise ValueError(record_class.__name__)
    return line


def _convert(field, value):
    if field.decimals:
        return value
    if field.format == "num":
        return int(value or 0)
    value = str(value)
    if not (value.isascii() and value.isprintable()) or len(value) > field.digits:
        raise ValueError(value)
    return value


def _plain(text, length):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.upper().split())[:length].strip()
