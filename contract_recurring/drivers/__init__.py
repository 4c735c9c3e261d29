from . import (
    notice_channel,
    notice_channel_email,
    notice_channel_sms,
    notice_channel_whatsapp,
)
