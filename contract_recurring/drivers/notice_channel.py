from contextlib import contextmanager

import phonenumbers

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools.phone_validation import phone_parse

MOBILE_TYPES = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


class ContractNoticeChannel(models.AbstractModel):
    """A way of telling customers something; the base of all drivers.

    A driver is ``contract.notice.channel.<channel>``. It is called outside the
    transaction that prepared the notice, one notice at a time, after the mark
    “being sent” is committed.
    """

    _name = "contract.notice.channel"
    _description = "Notice Channel"

    @api.model
    def _is_ready(self):
        """Return whether the current company can use the channel at all."""
        return True

    @api.model
    def _get_address(self, partner):
        """Return the address of a customer on this channel, None without one."""
        raise NotImplementedError()

    @api.model
    def _get_missing_words(self):
        """Say that the customer has no address on this channel."""
        raise NotImplementedError()

    @api.model
    def _get_refused_words(self):
        """Say that the customer does not want this channel."""
        raise NotImplementedError()

    @api.model
    def _get_not_ready_words(self):
        """Say what the company has to set up."""
        raise NotImplementedError()

    @api.model
    @contextmanager
    def _session(self):
        """Give what the calls of one batch share, such as a connection."""
        yield None

    @api.model
    def _send(self, notice, session):
        """Send one notice and return what to note: provider_ref, provider_answer.

        :raise Retry: certainly not sent; may be tried again later
        :raise Refused: certainly not sent; trying again is no use
        :raise Uncertain: perhaps sent; never tried again by itself
        """
        raise NotImplementedError()

    @api.model
    def _get_phone(self, partner, only_mobile=False):
        """Return a customer's phone number in E.164, None without a usable one."""
        country = partner.country_id or self.env.company.country_id
        try:
            number = phone_parse(partner.phone or "", country.code)
        except UserError:
            return None
        if only_mobile and phonenumbers.number_type(number) not in MOBILE_TYPES:
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
