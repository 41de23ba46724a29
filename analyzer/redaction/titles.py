"""Names behind a title, known or not: "Mr Smith", "la Sra. García", "la dottoressa Rossi"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.redaction.lexicon import NOT_NAMED, ROLES
from analyzer.redaction.spans import Place

# With their full stop only: "ing.", "arch." and "d." are other words without.
_DOTTED = (
    r"(?:[Ii]ng|[Aa]vv|[Gg]eom|[Aa]rch|[Rr]ag|[Dd]ott|[Pp]rof|[Ll]ic|[Aa]rq|D[ªa]|[Dd]ña|[Ss]ig)\."
)
_OPEN = (
    r"(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|[Ss]r|[Ss]ra|[Ss]rta|[Ss]res|[Dd]r|[Dd]ra|[Ss]ig|[Ss]ig\.?ra|"
    r"[Ss]ig\.?na|[Dd]ott(?:\.ssa|ssa|or)?|[Pp]rof(?:\.ssa)?|mr|mrs|ms)\.?|"
    r"Miss|Professor|Doctor|Sir|Dame|Lady|Lord|Father|Sister|[Ss]eñor(?:a|ita|es|as)?|[Dd]on|[Dd]oña|"
    r"[Dd]octora?|[Pp]rofesora?|[Ss]ignor(?:e|a|ina|i)?|[Dd]ott(?:ore|oressa)|"
    r"[Pp]rofess(?:or|ore|oressa)|[Mm]aestr[oa]|[Ii]ngegner|[Aa]vvocat[oa])"
)
_NAME = (
    r"(?:(?:[Dd]e|[Dd]i|[Dd]a|[Vv]an|[Vv]on|[Dd]el|[Dd]ella|[Ll]a|[Ll]o|[Ee]l|[Dd]er|[Dd]en)\s)*"
    r"(?:[A-ZÀ-ÖØ-Þ]['’])?[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:[-'’](?!s\b)[^\W\d_]+)*"
)
_TITLED = re.compile(
    rf"(?<![\w.@])(?:{_DOTTED}\s?|{_OPEN}\s)(?P<it>(?:[A-ZÀ-Þ]\.\s?)?{_NAME}(?:\s{_NAME}){{0,2}})"
)
# Short titles are written in lower case by people who write everything so.
_LOW = re.compile(
    r"(?<![\w.@])(?:mrs?|ms|dra?|sra|srta|sig\.ra|dott\.ssa|doña|signora|signor)\.?\s"
    r"(?P<it>[^\W\d_]{3,}(?:[-'’](?!s\b)[^\W\d_]+)*)",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:\b[Mm]y name(?:'s|’s| is)|\bMe llamo|\bme llamo|\b[Mm]i nombre es|\b[Mm]i chiamo|"
    rf"\b[Ii]l mio nome è)\s(?P<it>{_NAME}(?:\s{_NAME}){{0,2}})"
)
CUES = (
    " mr", " ms", " mx", " dr", " sr", " sir", " miss ", " rev", " dame", " lady", " lord",
    " father", " sister", " doct", " prof", "señor", " don ", " doña", " dña", " d.", " dª",
    "signor", "sig", "dott", "maestr", "ingegner", "ing.", "avv", "geom.", "arch.", "rag.",
    "lic.", "arq.", "my name", "me llamo", "mi nombre", "mi chiamo", "mio nome", "(mr", "(dr",
    "(ms", "\nmr", "\nms", "\ndr",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def titled(text: str) -> Iterator[Place]:
    """Yield names behind titles, without the title, and how writers name themselves."""
    for match in _TITLED.finditer(text):
        words = [(m.start(), m.end(), m[0].casefold()) for m in _WORD.finditer(match["it"])]
        if words[0][2] in ROLES or (words[0][2] in NOT_NAMED and match["it"][1] != "."):
            continue
        # "Mr Smith Manager": the role is no part of the name.
        end = next((start for start, _, word in words if word in ROLES), None)
        start = match.start("it")
        yield start, start + (len(match["it"]) if end is None else len(match["it"][:end].rstrip()))
    for match in _LOW.finditer(text):
        word = _WORD.match(match["it"])
        if word is not None and match["it"][0].islower():
            low = word[0].casefold()
            if low not in ROLES and low not in NOT_NAMED:
                yield match.span("it")
    yield from (match.span("it") for match in _SELF.finditer(text))
