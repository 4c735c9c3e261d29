import re

from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.print_placeholders import PlaceholderError

# Fields no text prints, although nothing guards them in their own model.
SECRET_NAME = re.compile("token|password|secret|api_key", re.IGNORECASE)


class ContractPlaceholderMixin(models.AbstractModel):
    """A text with placeholders for the fields of a record.

    A wrong one is refused when the text is saved, not when a customer waits at the
    counter.
    """

    _name = "contract.placeholder.mixin"
    _description = "Text with Placeholders"

    # Fields that hold placeholders, or decide what those may be.
    _placeholder_fields = ()

    def _get_printed_model(self):
        """Return the model whose fields the text prints."""
        raise NotImplementedError

    def _read_placeholders(self):
        """Yield (placeholder, paths) of all that is printed.

        :raise PlaceholderError: what no text may ask for
        """
        raise NotImplementedError

    @api.constrains(lambda self: self._placeholder_fields)
    def _check_placeholders(self):
        for text in self:
            try:
                for placeholder, paths in text._read_placeholders():
                    for path in paths:
                        text._check_path(placeholder, path)
            except PlaceholderError as error:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” cannot print the placeholder “%(placeholder)s”. "
                        "Use fields that begin with “object.”, such as "
                        "object.partner_id.name.",
                        text=text.name,
                        placeholder=error.placeholder,
                    )
                ) from error

    def _check_path(self, placeholder, path):
        """Raise unless the path leads to fields everybody may read."""
        model = self._get_printed_model()
        for name in path:
            field = model._fields.get(name) if model is not None else None
            if field is None or field.groups or SECRET_NAME.search(name):
                raise PlaceholderError(placeholder)
            model = self.env[field.comodel_name] if field.relational else None
