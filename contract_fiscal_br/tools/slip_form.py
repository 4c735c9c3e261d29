"""The ficha de compensação: the part of a slip that the bank reads.

Fields and their order are those of FEBRABAN's boleto, under their present names:
beneficiário and pagador, where `pycobranca` still prints cedente and sacado. Texts are
Portuguese whoever prints it: it is a paper of Brazilian banks.
"""

from .slip_pen import BARCODE_HEIGHT, BARCODE_WIDTH

CHARGES = (
    "(-) Desconto / Abatimento",
    "(-) Outras deduções",
    "(+) Mora / Multa",
    "(+) Outros acréscimos",
    "(=) Valor cobrado",
)
INSTRUCTIONS = "Instruções (texto de responsabilidade do beneficiário)"
PIX = "PAGUE COM PIX"
STATIC_PIX = ("PIX PARA A CHAVE", "Paga a chave; não baixa", "o boleto sozinho")
QR_SIDE = 22.0
QR_CELL = 28.0


class SlipForm:
    """Draws one ficha with a pen at its corner; `height` is known beforehand.

    :param float width: in mm
    :param float row: height of a row
    :param float charge: height of one of the five cells beside the instructions
    """

    header = 7.0

    def __init__(self, pen, info, pix, width, row, charge):
        self.pen = pen
        self.info = info
        self.pix = pix
        self.width = width
        self.row = row
        self.charge = charge
        self.right = width * 0.26
        self.left = width - self.right

    @property
    def payer_height(self):
        return 11.0

    @property
    def height(self):
        block = self.charge * len(CHARGES)
        body = self.header + 4 * self.row + block + self.payer_height
        return body + 1.5 + BARCODE_HEIGHT

    def draw(self):
        draw_header(self.pen, self.info, self.width, self.info.linha_digitavel)
        y = self._draw_rows(self.header)
        y = self._draw_instructions(y)
        y = self._draw_payer(y) + 1.5
        self.pen.barcode(0, y, self.info.codigo_barras)
        self.pen.text(
            self.width,
            y + 2,
            "Autenticação mecânica · Ficha de Compensação",
            5.2,
            align="right",
            width=self.width - BARCODE_WIDTH - 2,
        )

    def _draw_rows(self, y):
        info = self.info
        documents = (
            ("Data do documento", info.doc_data, 0.2),
            ("Nº do documento", info.doc_numero, 0.28),
            ("Espécie doc.", info.doc_especie, 0.14),
            ("Aceite", info.doc_aceite, 0.12),
            ("Data do processamento", info.doc_processamento, 0.26),
        )
        uses = (
            ("Uso do banco", "", 0.2),
            ("Carteira", info.carteira, 0.28),
            ("Espécie", info.especie_moeda, 0.14),
            ("Quantidade", info.quantidade, 0.2),
            ("Valor", "", 0.18),
        )
        rows = (
            ((("Local de pagamento", info.local_pagamento, 1),), "Vencimento"),
            ((("Beneficiário", info.beneficiario, 1),), "Agência / Código"),
            (documents, "Nosso número"),
            (uses, "(=) Valor do documento"),
        )
        values = (
            info.vencimento,
            info.agencia_codigo,
            info.nosso_numero,
            info.valor_documento,
        )
        for (cells, label), value in zip(rows, values, strict=True):
            self._draw_row(y, cells, label, value)
            y += self.row
        return y

    def _draw_row(self, y, cells, label, value):
        x = 0
        for cell_label, cell_value, share in cells:
            width = self.left * share
            self.pen.cell((x, y, width, self.row), cell_label, cell_value, 7.2)
            x += width
        self.pen.cell(
            (self.left, y, self.right, self.row),
            label,
            value,
            8,
            bold=True,
            align="right",
        )

    def _draw_instructions(self, y):
        height = self.charge * len(CHARGES)
        beside = QR_CELL if self.pix else 0
        self.pen.box(0, y, self.left - beside, height)
        self.pen.label(1, y + 2.1, INSTRUCTIONS)
        lines = self.info.instrucoes[: int((height - 3) / 3.4)]
        for number, line in enumerate(lines, start=1):
            self.pen.text(
                1, y + 2.4 + 3.4 * number, line, 7.2, width=self.left - beside - 2
            )
        if self.pix:
            draw_pix(self.pen, self.pix, self.left - beside, y, height)
        for number, label in enumerate(CHARGES):
            box = (self.left, y + number * self.charge, self.right, self.charge)
            self.pen.cell(box, label)
        return y + height

    def _draw_payer(self, y):
        info = self.info
        self.pen.box(0, y, self.width, self.payer_height)
        self.pen.label(1, y + 2.1, "Pagador")
        width = self.width - 2
        self.pen.text(1, y + 5, info.sacado_curto, 7.5, bold=True, width=width)
        self.pen.text(1, y + 8, info.sacado_endereco, 7, width=width)
        if info.sacador_avalista:
            final = f"Beneficiário final: {info.sacador_avalista}"
            self.pen.label(1, y + 10.3, final, width)
        return y + self.payer_height


def draw_header(pen, info, width, words):
    """Draw bank, its code, and the linha digitável or another text."""
    pen.text(0, 5, info.banco_nome, 9, bold=True, width=36)
    pen.line(37, 1, 37, 7, 0.8)
    pen.text(44.5, 5, info.banco_dv, 11, bold=True, align="center")
    pen.line(52, 1, 52, 7, 0.8)
    size = 9.5 if width > 150 else 7.8
    pen.text(width, 5, words, size, bold=True, align="right", width=width - 53)
    pen.line(0, 7, width, 7, 0.8)


def draw_pix(pen, pix, x, y, height):
    """Draw the QR code, and what it does not do where it is a static one.

    :param dict pix: `matrix` and `is_static`
    """
    pen.box(x, y, QR_CELL, height)
    middle = x + QR_CELL / 2
    title, *notes = STATIC_PIX if pix["is_static"] else (PIX,)
    side = min(QR_SIDE, height - 4.5 - 2.2 * len(notes))
    pen.text(middle, y + 2.3, title, 5.5, bold=True, align="center")
    pen.square(middle - side / 2, y + 3.2, side, pix["matrix"])
    for number, note in enumerate(notes, start=1):
        pen.text(middle, y + 3.6 + side + 2.1 * number, note, 5.2, align="center")
