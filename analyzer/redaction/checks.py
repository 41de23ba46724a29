"""Check digits: whether a number can be what it looks like. Each takes it without spaces.

Sources: ISO 13616 (IBAN), ISO/IEC 7812 (cards), Real Decreto 1553/2005 and Orden INT/2058/2008
(DNI, NIE), Decreto Ministeriale 23 December 1976 (codice fiscale), HMRC NIM39110 (National
Insurance), the NHS Data Dictionary (NHS number), Social Security Administration POMS RM 10201
(SSN).
"""

from __future__ import annotations

# Letters and digits of an IBAN, by country (SWIFT's registry).
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27,
    "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
    "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22,
    "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "QA": 29, "RO": 24,
    "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29,
    "XK": 20,
}  # fmt: skip
DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CF_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3,
         6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip
_NINO_NEVER = frozenset({"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"})
# Lengths by how a card number begins (ISO/IEC 7812): Visa, Mastercard, American Express, Diners,
# Discover, JCB, UnionPay, Maestro.
_CARDS: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
    (("4",), (13, 16, 19)),
    (tuple(str(n) for n in (*range(51, 56), *range(2221, 2721))), (16,)),
    (("34", "37"), (15,)),
    (("300", "301", "302", "303", "304", "305", "36", "38"), (14, 16)),
    (("6011", "644", "645", "646", "647", "648", "649", "65"), (16, 19)),
    (tuple(str(n) for n in range(3528, 3590)), (16, 19)),
    (("62",), (16, 17, 18, 19)),
    (("50", "56", "57", "58", "59", "60", "61", "63", "66", "67", "68", "69"), (16, 18, 19)),
)


def luhn(digits: str) -> bool:
    """Tell whether the last digit is that of Luhn's formula."""
    own = [int(c) for c in digits[::-1]]
    return (sum(own[::2]) + sum(sum(divmod(2 * d, 10)) for d in own[1::2])) % 10 == 0


def card(digits: str) -> bool:
    """Tell whether it is a card number: how it begins, how long it is, its check digit."""
    known = any(digits.startswith(begin) and len(digits) in sizes for begin, sizes in _CARDS)
    return known and len(set(digits)) > 1 and luhn(digits)


def iban(compact: str) -> bool:
    """Tell whether the two check digits of an IBAN, in capitals, are right (mod 97)."""
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def dni(compact: str) -> bool:
    """Tell whether the letter of a Spanish DNI or NIE, in capitals, is right."""
    number = compact[:-1].translate(str.maketrans("XYZ", "012"))
    return DNI_LETTERS[int(number) % 23] == compact[-1]


def codice_fiscale(compact: str) -> bool:
    """Tell whether the last letter of an Italian codice fiscale, in capitals, is right."""
    own = compact[:15]
    total = sum(_CF_ODD[c] for c in own[::2])
    total += sum(int(c) if c.isdigit() else ord(c) - ord("A") for c in own[1::2])
    return chr(ord("A") + total % 26) == compact[15]


def nino(compact: str) -> bool:
    """Tell whether a UK National Insurance number's prefix, in capitals, is ever given."""
    return compact[:2] not in _NINO_NEVER


def nhs(digits: str) -> bool:
    """Tell whether the tenth digit of an NHS number is right (mod 11)."""
    rest = 11 - sum(int(c) * (10 - at) for at, c in enumerate(digits[:9])) % 11
    return rest != 10 and rest % 11 == int(digits[9])


def ssn(digits: str) -> bool:
    """Tell whether an SSN can have been given: no area 000, 666, 9xx; no part of only zeros."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in ("000", "666") and area[0] != "9" and group != "00" and serial != "0000"
