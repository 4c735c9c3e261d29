"""Pix charges of the simulated banks, with addresses and codes of their own.

Written from the manual of Banco Central do Brasil; it shares no code with the drivers.
"""

HOST = "pix.bank.example/qr/v2/cobv"


def make_charge(bank, number):
    """Return the address and the TXID of a new charge of a title."""
    txid = f"{bank}{number}".zfill(26)
    return f"{HOST}/{txid}", txid


def make_code(address):
    """Return the copy and paste text of the charge at an address."""
    account = f"0014br.gov.bcb.pix25{len(address):02}{address}"
    code = f"00020101021226{len(account):02}{account}52040000530398658"
    code += "02BR5908PROVEDOR6008CURITIBA62070503***6304"
    return code + crc16(code)


def crc16(text):
    """CRC-16, polynomial 1021, starting with FFFF, as four hexadecimal digits."""
    rest = 0xFFFF
    for byte in text.encode("ascii"):
        rest ^= byte << 8
        for _bit in range(8):
            rest = (rest << 1) ^ (0x1021 if rest & 0x8000 else 0)
            rest &= 0xFFFF
    return f"{rest:04X}"
