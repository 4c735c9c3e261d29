"""Drawing on paper in millimetres from the top left, with the cells of a bank slip."""

from pycobranca.render import sequencia_i2of5
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

PAGE_WIDTH, PAGE_HEIGHT = A4[0] / mm, A4[1] / mm
# Size of the barcode in mm. Source: FEBRABAN, Convenção da Cobrança, layout of the
# ficha de compensação: 103 mm × 13 mm, Interleaved 2 of 5.
BARCODE_WIDTH, BARCODE_HEIGHT = 103.0, 13.0
GREY = HexColor("#555555")
LABEL_SIZE = 5.2
PADDING = 1.0
# Characters: more of the narrowest do not fit a page, and cutting takes its time.
LONGEST_LINE = 300
ELLIPSIS = "…"


class Pen:
    """Draws on a reportlab canvas; y counts downwards from the given corner."""

    def __init__(self, canvas, left, top):
        self.canvas = canvas
        self.left = left
        self.top = top

    def _x(self, x):
        return (self.left + x) * mm

    def _y(self, y):
        return (PAGE_HEIGHT - self.top - y) * mm

    # === TEXT ===

    def text(self, x, y, words, size=8, *, bold=False, align="left", width=None):
        """Write one line on the base line y, cut where it does not fit the width."""
        font = "Helvetica-Bold" if bold else "Helvetica"
        if width:
            words = self._fit(words, font, size, width * mm)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(black)
        draw = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "center": self.canvas.drawCentredString,
        }[align]
        draw(self._x(x), self._y(y), words)

    def _fit(self, words, font, size, width):
        measure = self.canvas.stringWidth
        words = words[:LONGEST_LINE]
        if measure(words, font, size) <= width:
            return words
        while words and measure(words + ELLIPSIS, font, size) > width:
            words = words[:-1]
        return words.rstrip() + ELLIPSIS

    def label(self, x, y, words, width=None):
        font = "Helvetica"
        if width:
            words = self._fit(words, font, LABEL_SIZE, width * mm)
        self.canvas.setFont(font, LABEL_SIZE)
        self.canvas.setFillColor(GREY)
        self.canvas.drawString(self._x(x), self._y(y), words)

    # === LINES ===

    def line(self, x1, y1, x2, y2, thickness=0.4):
        self.canvas.setLineWidth(thickness)
        self.canvas.setStrokeColor(black)
        self.canvas.line(self._x(x1), self._y(y1), self._x(x2), self._y(y2))

    def cut(self, x1, y1, x2, y2):
        """Draw where to cut."""
        self.canvas.setDash(2, 2)
        self.line(x1, y1, x2, y2, 0.3)
        self.canvas.setDash()

    def box(self, x, y, width, height):
        self.canvas.setLineWidth(0.4)
        self.canvas.setStrokeColor(black)
        self.canvas.rect(self._x(x), self._y(y + height), width * mm, height * mm)

    def cell(self, box, label, value="", size=8, *, bold=False, align="left"):
        """Draw a labelled cell.

        :param box: (x, y, width, height)
        """
        x, y, width, height = box
        self.box(x, y, width, height)
        self.label(x + PADDING, y + 2.1, label, width - 2 * PADDING)
        at = x + PADDING if align == "left" else x + width - PADDING
        self.text(
            at,
            y + height - 1.3,
            value,
            size,
            bold=bold,
            align=align,
            width=width - 2 * PADDING,
        )

    # === CODES ===

    def barcode(self, x, y, digits):
        """Draw the barcode of a slip, 103 mm × 13 mm."""
        bars = sequencia_i2of5(digits)
        unit = BARCODE_WIDTH / sum(width for _is_bar, width in bars)
        self.canvas.setFillColor(black)
        for is_bar, width in bars:
            if is_bar:
                self._fill(x, y, width * unit, BARCODE_HEIGHT)
            x += width * unit

    def square(self, x, y, side, matrix):
        """Draw a QR code of rows of 0 and 1."""
        unit = side / len(matrix)
        self.canvas.setFillColor(black)
        for row, cells in enumerate(matrix):
            for start, length in self._find_runs(cells):
                self._fill(x + start * unit, y + row * unit, length * unit, unit)

    @staticmethod
    def _find_runs(cells):
        """Yield (start, length) of neighbours that are dark: one rectangle each."""
        start = None
        for column, is_dark in enumerate([*cells, 0]):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                yield start, column - start
                start = None

    def _fill(self, x, y, width, height):
        self.canvas.rect(
            self._x(x), self._y(y + height), width * mm, height * mm, stroke=0, fill=1
        )
