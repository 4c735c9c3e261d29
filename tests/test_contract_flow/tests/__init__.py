from . import (
    test_bank_files,
    test_bank_boleto,
    test_bank_webhook,
    test_customer_story,
    test_dunning_story,
    test_notice_email,
    test_notice_sms,
    test_notice_whatsapp,
    test_pix_automatic,
    test_pix_charge,
    test_pix_refund,
    test_saved_method,
)
