"""What a channel may answer other than “sent”."""


class NoticeError(Exception):
    """Base of the answers of a channel."""


class Retry(NoticeError):
    """Certainly not sent; may be tried again after some seconds.

    :param after_s: seconds to wait, None where the provider does not say
    :param is_for_all: nothing more goes through this channel for now (limits,
        no connection); otherwise only this recipient has to wait
    """

    def __init__(self, message, after_s=None, is_for_all=True):
        super().__init__(message)
        self.after_s = after_s
        self.is_for_all = is_for_all


class Refused(NoticeError):
    """Certainly not sent, and trying again would change nothing.

    :param addresses: where the provider knows nobody, if that is why
    """

    def __init__(self, message, addresses=()):
        super().__init__(message)
        self.addresses = addresses


class Uncertain(NoticeError):
    """Perhaps sent: the answer is lost. Only a person may send it again."""
