"""The page of a Pix charge: what it is about, the QR code, and the code to copy."""

import io
from dataclasses import dataclass, field

import qrcode
from PyPDF2 import PdfMerger
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

MARGIN, QR_SIZE = 25 * mm, 70 * mm
LABEL_WIDTH = 40 * mm
FONT, BOLD, CODE_FONT = "Helvetica", "Helvetica-Bold", "Courier"


@dataclass(frozen=True)
class PixPage:
    """Texts of a page, in the payer's language; `lines` are (label, text)."""

    heading: str
    lines: list
    code: str
    code_label: str
    notes: list = field(default_factory=list)


def render_pix_page(page: PixPage) -> bytes:
    """Return one A4 page as a PDF."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=A4)
    width, height = A4
    room = width - 2 * MARGIN
    y = height - MARGIN
    y = _write(canvas, [page.heading], y, BOLD, 18) - 6 * mm
    for label, text in page.lines:
        canvas.setFont(BOLD, 11)
        canvas.drawString(MARGIN, y, label)
        rows = simpleSplit(text, FONT, 11, room - LABEL_WIDTH) or [""]
        y = _write(canvas, rows, y, FONT, 11, MARGIN + LABEL_WIDTH) - 1 * mm
    y -= 4 * mm + QR_SIZE
    canvas.drawImage(
        ImageReader(io.BytesIO(draw_qr(page.code))),
        (width - QR_SIZE) / 2,
        y,
        QR_SIZE,
        QR_SIZE,
    )
    y = _write(canvas, [page.code_label], y - 8 * mm, BOLD, 11)
    rows = _split_code(page.code, room)
    y = _write(canvas, rows, y, CODE_FONT, 9) - 6 * mm
    for note in page.notes:
        y = _write(canvas, simpleSplit(note, FONT, 10, room), y, FONT, 10)
    canvas.save()
    return output.getvalue()


def _write(canvas, rows, y, font, size, x=MARGIN):
    """Write rows one below the other; return where the next one goes."""
    canvas.setFont(font, size)
    for row in rows:
        canvas.drawString(x, y, row)
        y -= size * 1.4
    return y


def _split_code(code, room):
    """Return a code in rows that fit; it has no spaces to break at."""
    count = int(room // (9 * 0.6))
    return [code[start : start + count] for start in range(0, len(code), count)]


def draw_qr(code: str) -> bytes:
    """Return a QR code as a PNG."""
    picture = io.BytesIO()
    qrcode.make(code, border=2, box_size=8).save(picture)
    return picture.getvalue()


def join_pages(files: list[bytes]) -> bytes:
    """Return PDFs as one."""
    if len(files) == 1:
        return files[0]
    merger = PdfMerger()
    for content in files:
        merger.append(io.BytesIO(content))
    output = io.BytesIO()
    merger.write(output)
    return output.getvalue()
