"""Placeholders of plain texts: ``{{ object.field }}`` in subjects and SMS.

What stands between the braces follows the rules of ``print_placeholders``:
fields, comparisons and the formatting functions, nothing that runs.
"""

import re

from lxml import etree

from .print_placeholders import PlaceholderError, read_paths

INLINE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
# What the text of a WhatsApp template calls its values: {{1}}, {{2}}, …
NUMBERED = re.compile(r"\{\{\s*(\d+)\s*\}\}")


def read_inline(text):
    """Yield (placeholder, paths) for each placeholder of a plain text.

    :raise PlaceholderError: what is not a plain placeholder, or an open brace

    >>> list(read_inline("Fatura {{ object.move_names }}"))
    [('object.move_names', [('move_names',)])]
    >>> list(read_inline("{{ object.unlink() }}"))
    Traceback (most recent call last):
    ...
    tools.print_placeholders.PlaceholderError: object.unlink()
    >>> list(read_inline("Olá {{ object.name"))
    Traceback (most recent call last):
    ...
    tools.print_placeholders.PlaceholderError: {{ object.name
    """
    text = text or ""
    rest = INLINE.sub("", text)
    for brace in ("{{", "}}"):
        if brace in rest:
            start = rest.index(brace)
            raise PlaceholderError(rest[start : start + 30])
    for expression in INLINE.findall(text):
        expression = expression.strip()
        yield expression, read_paths(expression, {"object": ()})


def to_element(text):
    """Return a plain text as a QWeb element that prints its placeholders.

    >>> etree.tostring(to_element("A {{ object.code }} B")).decode()
    '<t>A <t t-out="object.code"/> B</t>'
    """
    root = etree.Element("t")
    words = INLINE.split(text or "")
    root.text = words[0]
    for expression, tail in zip(words[1::2], words[2::2], strict=True):
        child = etree.SubElement(root, "t", {"t-out": expression.strip()})
        child.tail = tail
    return root


def count_numbered(text):
    """Return how many values a WhatsApp text asks for.

    :raise ValueError: numbers that do not run 1, 2, 3, …

    >>> count_numbered("Olá {{1}}, vence em {{2}}. {{1}}, não esqueça.")
    2
    >>> count_numbered("Olá {{2}}")
    Traceback (most recent call last):
    ...
    ValueError: {{2}}
    """
    numbers = sorted({int(number) for number in NUMBERED.findall(text or "")})
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError("{{" + str(numbers[-1]) + "}}")
    return len(numbers)


def fill_numbered(text, values):
    """Return a WhatsApp text with its values in place.

    >>> fill_numbered("Olá {{1}}!", ["Maria"])
    'Olá Maria!'
    """
    return NUMBERED.sub(lambda match: values[int(match[1]) - 1], text or "")
