"""Words before a number that say what kind of number it is, in three languages."""

from __future__ import annotations

import re

# So many characters before a number are looked at.
REACH = 34
_REFERENCE = re.compile(
    r"\b(?:orders?|bookings?|reservations?|confirmation|tickets?|cases?|ref|reference|invoices?|"
    r"receipts?|tracking|parcel|serial|imei|sku|ean|isbn|barcode|parts?|model|item|product|"
    r"version|policy|pedidos?|reservas?|localizador|facturas?|referencia|incidencia|albar[aá]n|"
    r"serie|c[oó]digo|ticket|env[ií]o|modelo|art[ií]culo|ordin[ei]|prenotazion[ei]|fattur[ae]|"
    r"scontrin[oi]|riferimento|pratica|seriale|articolo|codice|spedizion[ei]|modello|lotto|lote|"
    r"batch|lot)\b(?!\s+fiscale)[^.!?;\n\d]{0,20}(?:\bn(?:[or]|[uú]m)?\.\s*)?$",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:\b(?:tele?(?:phone|fono)?|t(?:el|lf|fno)|phone|mobile|m[oó]vil|cell?(?:ulare|ular)?|call|"
    r"called|calling|ring|rang|text|whats ?app|wa|fax|landline|reach|dial|ll[aá]m\w*|marc\w+|"
    r"tel[eé]fono|fijo|fisso|chiam\w+|telefon\w+|contact(?:o|ar|arme|tatemi)?|"
    r"(?:my|his|her|our|their) number|(?:mi|su|nuestro) n[uú]mero|(?:mio|suo|nostro) numero)\b|"
    r"☎|📞)"
    r"[^\n\d]{0,22}$",
    re.IGNORECASE,
)


def is_reference(text: str, start: int) -> bool:
    """Tell whether the number that begins at ``start`` is called an order, a ticket, a model."""
    before = text[max(0, start - REACH) : start]
    return before.endswith("#") or _last(_REFERENCE, before) > _last(_PHONE, before)


def is_phone(text: str, start: int) -> bool:
    """Tell whether the number that begins at ``start`` is called a telephone."""
    before = text[max(0, start - REACH) : start]
    return _last(_PHONE, before) > _last(_REFERENCE, before)


def _last(pattern: re.Pattern[str], before: str) -> int:
    match = pattern.search(before)
    return match.start() if match else -1
