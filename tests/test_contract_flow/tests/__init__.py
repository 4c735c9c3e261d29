from . import test_customer_story, test_notice_email
