"""What the first line of a file of a bank says of its bank, whatever its layout."""


def get_bank(data: bytes) -> str:
    """Return the bank's three digits, or an empty text where none stand.

    CNAB 240 has them in columns 1 to 3 of the header, CNAB 400 in 77 to 79, direct
    debit (150) in 43 to 45.

    >>> get_bank(b"341" + b"0" * 5 + b" " * 232 + b"\\r\\n")
    '341'
    >>> get_bank(b"02RETORNO".ljust(76) + b"237".ljust(324) + b"\\r\\n")
    '237'
    >>> get_bank(b"A24444".ljust(42) + b"756".ljust(108) + b"\\r\\n")
    '756'
    >>> get_bank(b"%PDF-1.4")
    ''
    """
    line = data.lstrip(b"\r\n")[:400]
    if line[2:9].upper() in (b"RETORNO", b"REMESSA"):
        code = line[76:79]
    else:
        code = line[42:45] if line[:1] == b"A" else line[:3]
    return code.decode() if code.isdigit() and len(code) == 3 else ""
