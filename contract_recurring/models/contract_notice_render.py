import html as html_escape
import logging
from itertools import batched
from uuid import uuid4

import psycopg2
from lxml import etree, html

from odoo import api, models

from ..tools.inline_placeholders import fill_numbered, to_element
from ..tools.print_placeholders import FUNCTIONS

_logger = logging.getLogger(__name__)

# Language of customers who have none of their own.
CUSTOMER_LANGUAGE = "pt_BR"
# Notices rendered at once; a template is compiled once for all of them.
CHUNK = 500


class ContractNoticeTemplate(models.Model):
    """Turning texts and their placeholders into what a customer reads."""

    _inherit = "contract.notice.template"

    def _fill(self, notices):
        """Write the texts of notices of this template.

        A notice whose text cannot be printed fails alone, with its reason.
        """
        self.ensure_one()
        sendable = notices.filtered(lambda notice: notice.state == "pending")
        for (channel, lang), group in sendable.grouped(
            lambda notice: (notice.channel, self._get_language(notice.partner_id))
        ).items():
            for ids in batched(group.ids, CHUNK):
                self._fill_chunk(group.browse(ids), channel, lang)

    @api.model
    def _get_language(self, partner):
        installed = self.env["res.lang"]._get_data(code=CUSTOMER_LANGUAGE)
        return partner.lang or (CUSTOMER_LANGUAGE if installed else "en_US")

    def _fill_chunk(self, notices, channel, lang):
        try:
            texts = self._render(notices, channel, lang)
        except psycopg2.Error:
            raise
        except Exception:  # a text may go wrong in any way
            if len(notices) == 1:
                self._fail(notices)
            else:
                for notice in notices:
                    self._fill_chunk(notice, channel, lang)
            return
        for notice, parts in zip(notices, texts, strict=True):
            notice.write(self._prepare_text(channel, parts))

    def _fail(self, notice):
        _logger.info("Notice text %s cannot be printed", self.id, exc_info=True)
        notice.write(
            {
                "state": "failed",
                "error": self.env._(
                    "“%(template)s” cannot be printed for this customer. Check its "
                    "placeholders: amounts and dates go into format_amount(…) and "
                    "format_date(…).",
                    template=self.name,
                ),
            }
        )

    def _prepare_text(self, channel, parts):
        """Return the text fields of a notice from its rendered parts."""
        if channel == "email":
            subject, body = parts
            return {"subject": self._to_plain(subject), "body": body.strip()}
        if channel == "sms":
            return {"text": self._to_plain(parts[0])}
        values = [self._to_plain(part) for part in parts]
        return {
            "text": fill_numbered(self.whatsapp_body, values),
            "values": {
                "name": self.whatsapp_name,
                "language": self.whatsapp_language,
                "parameters": values,
            },
        }

    @api.model
    def _to_plain(self, text):
        return html_escape.unescape(text).strip()

    def _get_parts(self, channel):
        """Return the QWeb elements a channel is rendered from."""
        self.ensure_one()
        if channel == "email":
            body = html.fragment_fromstring(str(self.body), create_parent="div")
            return [to_element(self.subject), body]
        if channel == "sms":
            return [to_element(self.sms_body)]
        return [
            to_element("{{" + expression + "}}")
            for expression in self._get_whatsapp_expressions()
        ]

    def _render(self, notices, channel, lang):
        """Return, for each notice, its parts as text.

        All of them come out of one rendering: compiling a template costs more
        than filling it.
        """
        parts = self._get_parts(channel)
        if not parts:
            return [[] for _notice in notices]
        mark = uuid4().hex
        loop = etree.Element("t", {"t-foreach": "objects", "t-as": "object"})
        for part in parts:
            holder = etree.SubElement(loop, "t")
            holder.text = mark
            holder.append(part)
        root = etree.Element("t")
        root.append(loop)
        text = str(
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                root, self._get_render_values(notices, lang), minimal_qcontext=True
            )
        )
        return list(batched(text.split(mark)[1:], len(parts)))

    def _get_render_values(self, notices, lang):
        """Return only what placeholders may use."""
        printing = self.env["contract.print.template"].with_context(lang=lang)
        functions = printing._render_eval_context()
        return {
            "objects": notices.with_context(lang=lang),
            **{name: functions[name] for name in FUNCTIONS},
        }
