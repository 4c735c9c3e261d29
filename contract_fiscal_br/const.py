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

# How an account talks to its bank; each is an abstract model collection.backend.<name>.
BACKENDS = [
    ("cnab_file", "File (CNAB)"),
    ("bank_api", "API of the bank"),
    ("pix_api", "Pix with due date (API)"),
    ("pix_automatic", "Pix Automático (API)"),
    ("cnab_debit", "Direct debit (CNAB 150)"),
]

# Backends whose titles are boletos, with barcode and linha digitável.
BOLETO_BACKENDS = ("cnab_file", "bank_api")

# Backends whose titles customers can pay once the bank has registered them: a bank
# takes no boleto that is not registered (FEBRABAN), and makes the Pix code itself.
REGISTERED_BACKENDS = (*BOLETO_BACKENDS, "pix_api")

# Backends whose instructions wait for a remittance.
FILE_BACKENDS = ("cnab_file", "cnab_debit")

# Layouts of files with a bank.
LAYOUTS = [("cnab240", "CNAB 240"), ("cnab400", "CNAB 400")]

# Backends that call the bank over its API, and those of them whose titles are Pix.
API_BACKENDS = ("bank_api", "pix_api", "pix_automatic")
PIX_BACKENDS = ("pix_api", "pix_automatic")

# What the bank can be asked to do with a title.
INSTRUCTION_KINDS = [
    ("register", "Register"),
    ("change_due_date", "Change the due date"),
    ("change_amount", "Change the amount"),
    ("discount", "Grant a discount"),
    ("write_off", "Write off"),
    ("protest", "Protest"),
    ("cancel_protest", "Stop the protest"),
]

# What a title states itself, and the field of the instruction that says it.
STATED = {"change_due_date": "due_date", "change_amount": "amount"}

# What a bank can say about a title, in words all banks share.
EVENT_KINDS = [
    ("registered", "Registered"),
    ("rejected", "Registration refused"),
    ("paid", "Paid"),
    ("returned", "Payment returned"),
    ("written_off", "Written off"),
    ("protested", "Protested"),
    ("changed", "Instruction confirmed"),
    ("refused", "Instruction refused"),
    ("fee", "Fee of the bank"),
    ("other", "Other notice"),
    ("unknown", "Unknown occurrence"),
]

# Titles that no longer collect: what is paid for them waits for a person.
CLOSED_STATES = ("written_off", "cancelled")

# Titles whose registration the bank has not answered.
UNREGISTERED_STATES = ("draft", "to_register", "sent", "rejected")

# What became of an event. Those of LOOK_OUTCOMES wait for a person.
OUTCOMES = [
    ("settled", "Invoice paid"),
    ("partial", "Paid in part"),
    ("surplus", "Paid too much"),
    ("second_payment", "Paid twice"),
    ("renegotiated", "Paid after renegotiation"),
    ("broken_agreement", "Paid after the agreement ended"),
    ("after_cancel", "Paid after cancellation"),
    ("unknown_title", "Unknown boleto"),
    ("no_amount", "Paid without an amount"),
    ("told_again", "Told again"),
    ("returned", "Payment undone"),
    ("unmatched_return", "Return of an unknown payment"),
    ("fee", "Fee of the bank"),
    ("registered", "Registered"),
    ("rejected", "Registration refused"),
    ("confirmed", "Instruction confirmed"),
    ("refused", "Instruction refused"),
    ("written_off", "Written off"),
    ("protested", "Protested"),
    ("informational", "For information"),
    ("unknown_occurrence", "Unknown occurrence"),
]
LOOK_OUTCOMES = {
    "partial",
    "surplus",
    "second_payment",
    "renegotiated",
    "broken_agreement",
    "after_cancel",
    "unknown_title",
    "no_amount",
    "told_again",
    "returned",
    "unmatched_return",
    "rejected",
    "refused",
    "unknown_occurrence",
}

# What our remittances write before the number in “use of the company”, which banks give
# back untouched.
ECHO = "NN"
