from . import receivables_xlsx, whatsapp_webhook
