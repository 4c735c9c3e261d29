from . import test_customer_story
