"""What a printed contract may ask for: placeholders read without running them.

The text is QWeb as in mail templates, cut down to what shows values: fields
reached from ``object``, conditions, loops and the functions named here. So a
text cannot call a method, reach the environment or write anything, whoever
wrote it and whoever prints it.
"""

import ast

from lxml import etree, html

# Directives a text may use; t-att, t-call, t-set and the like run more.
DIRECTIVES = {"t-out", "t-if", "t-elif", "t-else", "t-foreach", "t-as"}
# Functions of the rendering context a placeholder may call.
FUNCTIONS = {
    "amount_in_words",
    "format_amount",
    "format_date",
    "format_number",
    "number_in_words",
    "percent_in_words",
}
# Words QWeb adds to the name of a loop.
LOOP_WORDS = ("_index", "_first", "_last")

_NODES = (
    ast.Expression,
    ast.Load,
    ast.Name,
    ast.Attribute,
    ast.Constant,
    ast.BoolOp,
    ast.boolop,
    ast.UnaryOp,
    ast.Not,
    ast.Compare,
    ast.cmpop,
    ast.IfExp,
    ast.Call,
)


class PlaceholderError(ValueError):
    """A placeholder that cannot be printed; says which."""

    def __init__(self, placeholder):
        super().__init__(placeholder)
        self.placeholder = placeholder


def read_placeholders(body):
    """Return (placeholder, paths) for each placeholder of a text.

    A path is the names from ``object`` to a field, loops followed.

    :raise PlaceholderError: what is not a plain placeholder

    >>> list(read_placeholders('<p><t t-out="object.partner_id.name"/></p>'))
    [('object.partner_id.name', [('partner_id', 'name')])]
    >>> list(read_placeholders(
    ...     '<t t-foreach="object.line_ids" t-as="line"><t t-out="line.name"/></t>'
    ... ))  # doctest: +NORMALIZE_WHITESPACE
    [('object.line_ids', [('line_ids',)]), ('line.name', [('line_ids', 'name')])]
    >>> list(read_placeholders('<t t-out="object.unlink()"/>'))
    Traceback (most recent call last):
    ...
    tools.print_placeholders.PlaceholderError: object.unlink()
    """
    if not body:
        return
    root = html.fragment_fromstring(str(body), create_parent="div")
    yield from _read_element(root, {"object": ()})


def _read_element(element, scope):
    loop = element.get("t-as")
    inner = dict(scope)
    for name, value in element.attrib.items():
        if not name.startswith("t-"):
            continue
        if name not in DIRECTIVES:
            raise PlaceholderError(f'{name}="{value}"')
        if name in ("t-as", "t-else"):
            continue
        paths = read_paths(value, scope if name == "t-foreach" else inner)
        yield value, paths
        if name == "t-foreach":
            if len(paths) != 1 or not loop or not loop.isidentifier():
                raise PlaceholderError(value)
            inner[loop] = paths[0]
            inner.update({loop + word: None for word in LOOP_WORDS})
    for child in element.iterchildren(tag=etree.Element):
        yield from _read_element(child, inner)


def read_paths(expression, scope):
    """Return the paths of fields an expression reads.

    :param scope: {name: path from the contract, or None for a plain value}
    :raise PlaceholderError: anything but fields, comparisons and FUNCTIONS

    >>> read_paths("format_date(object.date) or ''", {"object": ()})
    [('date',)]
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError as error:
        raise PlaceholderError(expression) from error
    paths = []
    _read_node(tree.body, scope, paths, expression)
    return paths


def _read_node(node, scope, paths, expression):
    if not isinstance(node, _NODES):
        raise PlaceholderError(expression)
    if isinstance(node, ast.Call):
        known = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
        if not known or node.keywords:
            raise PlaceholderError(expression)
        children = node.args
    elif isinstance(node, (ast.Attribute, ast.Name)):
        path = _read_path(node, scope, expression)
        if path is not None:
            paths.append(path)
        children = ()
    else:
        children = ast.iter_child_nodes(node)
    for child in children:
        _read_node(child, scope, paths, expression)


def _read_path(node, scope, expression):
    """Return the path of ``a.b.c``, None for a plain value of a loop."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in scope:
        raise PlaceholderError(expression)
    if any(name.startswith("_") for name in names):
        raise PlaceholderError(expression)
    start = scope[node.id]
    if start is None:
        if names:
            raise PlaceholderError(expression)
        return None
    return (*start, *reversed(names))
