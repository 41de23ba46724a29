"""Presidio beside the own recognisers: its patterns, and a spaCy model's names if one is installed.

Presidio is asked about each text as English, Spanish and Italian. Its recognisers of mail and web
addresses are left out: they fetch a list of domains from the network, and the own ones find these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from analyzer.errors import Misconfigured
from analyzer.redaction.redact import Finder
from analyzer.redaction.spans import Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

LANGUAGES = ("en", "es", "it")
# What spaCy's models are called, the better first.
MODELS = {
    "en": ("en_core_web_lg", "en_core_web_md", "en_core_web_sm"),
    "es": ("es_core_news_lg", "es_core_news_md", "es_core_news_sm"),
    "it": ("it_core_news_lg", "it_core_news_md", "it_core_news_sm"),
}
# Below this score Presidio guesses: any nine digits may be an American bank's.
SURE = 0.5
NETWORK = ("EmailRecognizer", "UrlRecognizer")
# Dates, towns and nationalities are no personal data by themselves.
LEFT = frozenset({"DATE_TIME", "LOCATION", "NRP", "URL", "ORGANIZATION"})
MASKS: Mapping[str, str] = {
    "PERSON": "[name]",
    "PHONE_NUMBER": "[phone]",
    "CREDIT_CARD": "[card]",
    "IBAN_CODE": "[account]",
    "CRYPTO": "[account]",
    "US_BANK_NUMBER": "[account]",
    "IP_ADDRESS": "[ip]",
    "UK_POSTCODE": "[address]",
}


def finder() -> tuple[Finder, str]:
    """Return what finds more personal data, and a sentence about what it works with.

    Raises:
        Misconfigured: Presidio is not installed.
    """
    try:
        import presidio_analyzer  # noqa: F401
    except ImportError as exc:
        raise Misconfigured(
            'The setting redactor is "presidio", which is not installed. Install it: '
            'pip install "bothsides[presidio]", or set redactor to "own".'
        ) from exc
    engine, models = _engine()

    def find(text: str) -> list[Span]:
        found = []
        for language in LANGUAGES:
            for result in engine.analyze(text, language=language, score_threshold=SURE):
                if result.entity_type not in LEFT:
                    mask = MASKS.get(result.entity_type, "[id]")
                    found.append(Span(result.start, result.end, mask, "presidio"))
        return found

    named = ", ".join(models.values()) or "no spaCy model is installed: its patterns only, no names"
    return find, f"Presidio masks besides ({named})."


def _engine() -> tuple[AnalyzerEngine, dict[str, str]]:
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    models = {
        language: next((name for name in names if spacy.util.is_package(name)), "")
        for language, names in MODELS.items()
    }

    class Loaded(SpacyNlpEngine):  # type: ignore[misc]
        """Pipelines that are here already; Presidio's own way would download them."""

        def __init__(self) -> None:
            super().__init__([{"lang_code": code, "model_name": code} for code in LANGUAGES])
            self.nlp: dict[str, Any] = {
                code: spacy.load(name) if name else spacy.blank(code)
                for code, name in models.items()
            }

    registry = RecognizerRegistry(supported_languages=list(LANGUAGES))
    registry.load_predefined_recognizers(languages=list(LANGUAGES))
    for name in NETWORK:
        registry.remove_recognizer(name)
    engine = AnalyzerEngine(
        registry=registry, nlp_engine=Loaded(), supported_languages=list(LANGUAGES)
    )
    return engine, {code: name for code, name in models.items() if name}
