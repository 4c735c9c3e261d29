from . import receivables_xlsx, sale_portal, whatsapp_webhook
