"""Names shared by models, drivers and tests."""

# FEBRABAN (COMPE) codes of the banks with a driver, and their names.
BANKS = [
    ("001", "Banco do Brasil"),
    ("033", "Santander"),
    ("041", "Banrisul"),
    ("077", "Inter"),
    ("085", "Ailos"),
    ("104", "Caixa Econômica Federal"),
    ("136", "Unicred"),
    ("237", "Bradesco"),
    ("336", "C6 Bank"),
    ("341", "Itaú"),
    ("422", "Safra"),
    ("748", "Sicredi"),
    ("756", "Sicoob"),
]

# States in which a title can still be paid at the bank.
LIVE_STATES = ("draft", "to_register", "sent", "registered", "protested")
