"""What the stages know of single languages: English, Spanish, Italian. Data, no logic.

Another language is another row of WORDS; a language without a row is handled without its words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of one language.

    ``nothing``: words that, alone or together, say nothing. ``contrast`` and ``joining``: words
    that begin a new clause. ``months``: names and short forms.
    """

    nothing: frozenset[str]
    contrast: tuple[str, ...]
    joining: tuple[str, ...]
    months: frozenset[str]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


WORDS: dict[str, Words] = {
    "en": Words(
        nothing=_set(
            "nothing none no nope nil na n a not applicable any anything comment comments to add say "
            "mention at all really else more further noting answer did test testing blank "
            "empty null nan don dont know t i have hello hi"
        ),
        contrast=("but", "however", "although", "though", "whereas", "yet", "except"),
        joining=("and", "so", "because", "then", "plus", "also", "while", "which"),
        months=_set(
            "january february march april may june july august september october november december "
            "jan feb mar apr jun jul aug sep sept oct nov dec"
        ),
    ),
    "es": Words(
        nothing=_set(
            "nada ninguno ninguna ningun ningún no nop que añadir decir comentar comentario "
            "comentarios sin ns nc sé se más mas de especial respuesta prueba hola tengo"
        ),
        contrast=("pero", "aunque", "sin embargo", "sino", "mientras que", "excepto"),
        joining=("y", "e", "así que", "porque", "entonces", "además", "también", "mientras"),
        months=_set(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
        ),
    ),
    "it": Words(
        nothing=_set(
            "niente nulla nessuno nessuna nessun no da aggiungere dire segnalare commento commenti "
            "di particolare che in non so altro risposta prova ciao grazie salve lo"
        ),
        contrast=("ma", "però", "tuttavia", "anche se", "mentre", "invece", "tranne"),
        joining=("e", "ed", "quindi", "perché", "poi", "inoltre", "anche", "così"),
        months=_set(
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
            "dicembre"
        ),
    ),
}

NOTHING = frozenset().union(*(words.nothing for words in WORDS.values()))
MONTHS = frozenset().union(*(words.months for words in WORDS.values()))
