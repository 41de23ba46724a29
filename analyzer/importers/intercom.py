"""Intercom's conversations: of everything that was said, what the customer wrote."""

from __future__ import annotations

from collections import Counter
from typing import Any

# The columns that a conversation gets for the words of its customer.
FIRST, LATER, REMARK = "source.body", "customer_parts", "conversation_rating.remark"
_CUSTOMERS = frozenset(("user", "lead", "contact"))
STAFF, TWITTER, REDACTED = "by staff or bots", "of Twitter", "redacted"
LEFT_OUT = (STAFF, TWITTER, REDACTED)


def is_conversation(item: dict[str, Any]) -> bool:
    """Return whether a JSON object looks like a conversation of Intercom."""
    return isinstance(item.get("conversation_parts"), dict) and isinstance(item.get("source"), dict)


def customers_words(item: dict[str, Any], left_out: Counter[str]) -> dict[str, Any]:
    """Return the conversation as flat columns without what others than the customer wrote.

    The customer's first message is ``source.body``; the later ones, a line each, are
    ``customer_parts``. ``left_out`` counts the messages of others, and those without text.
    """
    source = item["source"]
    twitter = source.get("type") == "twitter"
    later = item["conversation_parts"].get("conversation_parts")
    parts = [part for part in later if isinstance(part, dict)] if isinstance(later, list) else []
    said = [_said(part, left_out, twitter=twitter) for part in parts]
    rating = item.get("conversation_rating")
    first = _said(source, left_out, twitter=twitter)
    plain = {key: value for key, value in item.items() if not isinstance(value, dict | list)}
    return {
        **plain,
        "source": {"type": source.get("type"), "subject": source.get("subject") if first else ""},
        FIRST: first,
        LATER: "\n".join(text for text in said if text),
        "conversation_rating": rating if isinstance(rating, dict) else None,
        "contact_id": _contact(item),
    }


def notes(left_out: Counter[str]) -> tuple[str, ...]:
    """Return a sentence for each sort of message that was left out."""
    return tuple(
        f"Messages {sort}, not read: {left_out[sort]}." for sort in LEFT_OUT if left_out[sort]
    )


def _said(part: dict[str, Any], left_out: Counter[str], *, twitter: bool) -> str:
    """Return a message's body, HTML as it is, if it is the customer's."""
    body, author = part.get("body"), part.get("author")
    if not isinstance(body, str) or not body.strip():
        return ""
    if not isinstance(author, dict) or author.get("type") not in _CUSTOMERS:
        left_out[STAFF] += 1
    elif part.get("redacted") is True:
        left_out[REDACTED] += 1
    elif twitter:
        left_out[TWITTER] += 1
    else:
        return body
    return ""


def _contact(item: dict[str, Any]) -> str:
    contacts = item.get("contacts")
    found = contacts.get("contacts") if isinstance(contacts, dict) else None
    first = found[0] if isinstance(found, list) and found else None
    return str(first.get("id") or "") if isinstance(first, dict) else ""
