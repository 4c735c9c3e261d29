from contextlib import contextmanager

from markupsafe import escape

from odoo import api, models
from odoo.tools import groupby

# Where the posts put off are kept: it is emptied with each transaction.
POSTS = "contract_recurring.posts"
# A post that says no more than this can wait for the others.
PLAIN = {"body", "message_type", "subtype_id", "author_id", "tracking_value_ids"}


class MailThread(models.AbstractModel):
    """Messages on many records at once: written together, read as ever.

    A message costs ten queries, and confirming an order writes three. Here the
    values of all are prepared by the same methods as those of one.
    """

    _inherit = "mail.thread"

    @api.model
    @contextmanager
    def _posting_together(self):
        """Put plain notifications off until the end and write them together."""
        data = self.env.cr.precommit.data
        if POSTS in data:  # within another
            yield
            return
        posts = data[POSTS] = []
        try:
            yield
        finally:
            data.pop(POSTS, None)
        for records, contents in self._group_posts(posts):
            records._post_together(contents)

    def message_post(self, **kwargs):
        posts = self.env.cr.precommit.data.get(POSTS)
        if posts is None or not self._is_plain_post(kwargs):
            return super().message_post(**kwargs)
        posts.append((self._fallback_lang(), kwargs))
        return self.env["mail.message"]

    def _is_plain_post(self, kwargs):
        """Return whether this is a notification without attachments or recipients,
        by somebody known."""
        return (
            PLAIN >= kwargs.keys()
            and kwargs.get("message_type", "notification") == "notification"
            and kwargs.get("subtype_id")
            and not self.env.user._is_public()
        )

    @api.model
    def _group_posts(self, posts):
        """Return (records, contents) of the posts that may be written together.

        What is posted on one record keeps its order.
        """
        rows, posted = [], {}
        for record, content in posts:
            turn = posted[record] = posted.get(record, -1) + 1
            author = content.get("author_id") or 0
            key = turn, record._name, content["subtype_id"], author, record.env
            rows.append((key, record, content))
        for _key, group in groupby(rows, key=lambda row: row[0]):
            _keys, records, contents = zip(*group, strict=True)
            yield records[0].union(*records), contents

    def _post_together(self, contents):
        """Post a message on each record, as `message_post` would one by one.

        :param contents: for each record the keywords of `message_post`, of the
            same subtype and author
        """
        vals_list = self._prepare_posts(contents)
        messages = self._message_create(vals_list)
        followers = self.env["mail.followers"]._get_recipient_data(
            self, "notification", contents[0]["subtype_id"], []
        )
        for record, message, vals in zip(self, messages, vals_list, strict=True):
            record._message_post_after_hook(message, vals)
            if followers.get(record.id, {}).keys() - {vals["author_id"]}:
                record._notify_thread(message, vals)
        return messages

    def _prepare_posts(self, contents):
        """Return the values of the message on each record."""
        author_id, email = self._message_compute_author(contents[0].get("author_id"))
        company = self.env.company
        domains = self.sudo()._mail_get_alias_domains(default_company=company)
        companies = self._mail_get_companies(default=company)
        reply_to = self._notify_get_reply_to(default=email, author_id=author_id)
        parents = self._get_parent_messages()
        common = {
            "author_id": author_id,
            "author_guest_id": False,
            "email_from": email,
            "model": self._name,
            "message_type": "notification",
            "subject": False,
            "subtype_id": contents[0]["subtype_id"],
            "partner_ids": [],
            "attachment_ids": [],
            "incoming_email_to": False,
            "incoming_email_cc": False,
            "outgoing_email_to": False,
            "email_add_signature": True,
        }
        return [
            {
                **common,
                "res_id": record.id,
                "body": escape(content.get("body", "")),
                "parent_id": parents.get(record.id, False),
                "record_alias_domain_id": domains[record.id].id,
                "record_company_id": companies[record.id].id,
                "reply_to": reply_to[record.id],
                "tracking_value_ids": content.get("tracking_value_ids", []),
            }
            for record, content in zip(self, contents, strict=True)
        ]

    def _get_parent_messages(self):
        """Return {record id: id of the message a new one answers}.

        As `_message_compute_parent_id` chooses it for one record: the last
        comment or e-mail, else the last message.
        """
        if not self._mail_flat_thread:
            return {}
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("message_type", "!=", "user_notification"),
                ]
            )
        )
        ordered = messages.sorted(
            lambda message: (
                message.message_type in ("comment", "email"),
                message.date or message.create_date,
                message.id,
            )
        )
        return {message.res_id: message.id for message in ordered}
