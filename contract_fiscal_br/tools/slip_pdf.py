"""Slips as PDF: one on a page with its receipt, or three as a carnê."""

import io

from pycobranca.pix import qr_matrix
from pycobranca.render.dados import extrai_dados
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from .slip_form import SlipForm, draw_header
from .slip_pen import PAGE_WIDTH, Pen

MARGIN = 10.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
FORM_TOP = 95.0
STUB_WIDTH = 40.0
STUB_GAP = 5.0
SLIPS_A_PAGE = 3
BOOKLET_TOP = 8.0
BOOKLET_STEP = 94.0


def render_slips(contexts):
    """Return slips as one PDF, each on its page: receipt above, the bank's part below.

    :param list contexts: of `pycobranca`, with `pix_code` and `is_pix_static`
    """
    return _render([[context] for context in contexts], _draw_page, 1)


def render_booklets(booklets):
    """Return carnês as one PDF, three slips on a page, each from a new page on.

    :param list booklets: lists of contexts as above
    """
    return _render(booklets, _draw_of_booklet, SLIPS_A_PAGE)


def _render(groups, draw, slips_a_page):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setTitle("Boleto")
    for contexts in groups:
        for number, context in enumerate(contexts):
            place = number % slips_a_page
            if number and not place:
                canvas.showPage()
            draw(canvas, place, context)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _get_pix(context):
    code = context.get("pix_code")
    if not code:
        return None
    return {"matrix": qr_matrix(code), "is_static": context["is_pix_static"]}


# === ONE ON A PAGE ===


def _draw_page(canvas, _place, context):
    info = extrai_dados(context)
    _draw_receipt(Pen(canvas, MARGIN, MARGIN), info, context)
    Pen(canvas, MARGIN, FORM_TOP - 4).cut(0, 0, WIDTH, 0)
    pen = Pen(canvas, MARGIN, FORM_TOP)
    SlipForm(pen, info, _get_pix(context), WIDTH, row=7.6, charge=7.0).draw()


def _draw_receipt(pen, info, context):
    draw_header(pen, info, WIDTH, "Recibo do Pagador")
    row, wide, narrow = 7.6, WIDTH * 0.5, WIDTH * 0.25
    rows = (
        (
            ("Beneficiário", info.beneficiario_nome),
            ("CPF/CNPJ", info.beneficiario_documento),
            ("Vencimento", info.vencimento),
        ),
        (
            ("Endereço do beneficiário", info.beneficiario_endereco),
            ("Agência / Código", info.agencia_codigo),
            ("Nosso número", info.nosso_numero),
        ),
        (
            ("Pagador", info.sacado_curto),
            ("Nº do documento", info.doc_numero),
            ("(=) Valor do documento", info.valor_documento),
        ),
    )
    y = 7.0
    for first, *others in rows:
        pen.cell((0, y, wide, row), *first)
        for place, cell in enumerate(others):
            pen.cell((wide + place * narrow, y, narrow, row), *cell, align="right")
        y += row
    _draw_statement(pen, info, context, y)


def _draw_statement(pen, info, context, y):
    """Draw what the payer may need: the number to type and a free text."""
    pen.label(0, y + 4, "Linha digitável")
    pen.text(0, y + 7.5, info.linha_digitavel, 9, bold=True)
    pen.label(WIDTH - 30, y + 4, "Autenticação mecânica")
    if context.get("pix_code"):
        pen.label(0, y + 11.5, "Pix copia e cola")
        for number, part in enumerate(_cut(context["pix_code"], 120)[:4], start=1):
            pen.text(0, y + 11.5 + 2.9 * number, part, 6.5)
    below = y + (24 if context.get("pix_code") else 10)
    lines = info.demonstrativo.splitlines()[:6]
    for number, line in enumerate(lines, start=1):
        pen.text(0, below + 3.6 * number, line, 8, width=WIDTH)


def _cut(text, length):
    return [text[start : start + length] for start in range(0, len(text), length)]


# === CARNÊ ===


def _draw_of_booklet(canvas, place, context):
    top = BOOKLET_TOP + place * BOOKLET_STEP
    info = extrai_dados(context)
    if place:
        Pen(canvas, MARGIN, top - 4).cut(0, 0, WIDTH, 0)
    _draw_stub(Pen(canvas, MARGIN, top), info)
    left = MARGIN + STUB_WIDTH + STUB_GAP
    pen = Pen(canvas, left, top)
    width = WIDTH - STUB_WIDTH - STUB_GAP
    form = SlipForm(pen, info, _get_pix(context), width, row=6.3, charge=5.6)
    Pen(canvas, left - STUB_GAP / 2, top).cut(0, 0, 0, form.height)
    form.draw()


def _draw_stub(pen, info):
    """Draw the part that the payer keeps."""
    pen.text(0, 5, info.banco_nome, 8, bold=True, width=STUB_WIDTH - 14)
    pen.text(STUB_WIDTH, 5, info.banco_dv, 9, bold=True, align="right")
    pen.line(0, 7, STUB_WIDTH, 7, 0.8)
    cells = (
        ("Vencimento", info.vencimento),
        ("(=) Valor do documento", info.valor_documento),
        ("Nosso número", info.nosso_numero),
        ("Nº do documento", info.doc_numero),
        ("Agência / Código", info.agencia_codigo),
        ("Pagador", info.sacado_nome),
        ("Beneficiário", info.beneficiario_nome),
        ("CPF/CNPJ do beneficiário", info.beneficiario_documento),
        ("(=) Valor cobrado", ""),
    )
    y = 7.0
    for label, value in cells:
        pen.cell((0, y, STUB_WIDTH, 7.0), label, value, 7.2)
        y += 7.0
    pen.text(STUB_WIDTH / 2, y + 4, "Recibo do Pagador", 6.5, align="center")
