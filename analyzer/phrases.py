"""Themes -> labels: phrases of two to five words that the segments themselves use.

Candidates are what stands between stop words in a theme's segments more often than elsewhere. The
label is the one that finds its own theme: its vector is nearer to the theme's centroid than to any
other, by the widest margin. So a label can be read, and can be trusted to mean this theme.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analyzer.language import commonest
from analyzer.types import Labels, Segment, Vectors
from analyzer.words import MONTHS

LABEL_WORDS = (2, 5)
# Of the best candidates so many are embedded; of themes that none of them finds, so many more.
FIRST = 12
MORE = 40
# Candidates of the second turn come from so many of the theme's most central segments.
CENTRAL = 12
# How much the (log) number of comments that say a phrase counts beside its cosine.
SAID_WEIGHT = 0.08
# Prepositions and the like may stand inside a label, never at its end.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\s\w]|\d\S*")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

# Margin of cosine, score, phrase.
Row = tuple[float, float, str]
# Phrases and their languages -> centred unit vectors (n, d).
Embed = Callable[[Sequence[str], Sequence[str]], Vectors]


def labels(
    segments: Sequence[Segment],
    theme: Labels,
    vectors: Vectors,
    centres: Vectors,
    terms: Sequence[Sequence[str]],
    stop: frozenset[str],
    avoid: frozenset[str],
    embed: Embed,
) -> list[str]:
    """Return a label for each theme, no two alike.

    ``vectors`` (n, d) are the segments, ``centres`` (n_themes, d) the themes' centroids in the same
    space; ``terms`` are the themes' key terms, of which a label is made where no phrase will do;
    ``stop`` words do not begin or end a label, ``avoid`` words do not stand in one.
    """
    spoken = [
        commonest([segments[i].language for i in np.flatnonzero(theme == number).tolist()])
        for number in range(len(centres))
    ]

    def scored_by(phrases: Sequence[Sequence[str]]) -> list[list[Row]]:
        return _scored(phrases, used, centres, spoken, embed)

    used = _counted(segments, theme, spoken, stop, avoid)
    known = _known_words(segments, theme, len(centres), stop)
    first = [_telling(used[number], known[number], FIRST) for number in range(len(centres))]
    scored = scored_by(first)
    lost = [number for number, rows in enumerate(scored) if not any(row[0] > 0 for row in rows)]
    if lost:
        central = [_central(number, theme, vectors, centres) for number in lost]
        more = [
            _inside([segments[i] for i in members], stop, avoid, set(first[number]))
            for number, members in zip(lost, central, strict=True)
        ]
        again: list[list[str]] = [[] for _ in centres]
        for number, phrases in zip(lost, more, strict=True):
            again[number] = phrases
        for number, rows in enumerate(scored_by(again)):
            scored[number] = sorted([*scored[number], *rows], key=lambda row: (-row[1], row[2]))
    return _distinct(scored, terms)


def _phrases(segment: Segment, stop: frozenset[str], avoid: frozenset[str]) -> Iterator[str]:
    """Yield the phrases of a segment: neighbouring words, no stop word at either end."""
    words = [match.group() for match in _WORD.finditer(segment.text)]
    folded = [word.casefold().replace("’", "'") for word in words]
    plain = [bool(_LETTERS.fullmatch(word)) and w not in avoid for word, w in zip(words, folded)]  # noqa: B905
    ends = [ok and w not in stop and w not in MONTHS for ok, w in zip(plain, folded)]  # noqa: B905
    low, high = LABEL_WORDS
    for start in range(len(words)):
        if not ends[start]:
            continue
        for stop_at in range(start + low, min(start + high, len(words)) + 1):
            if not plain[stop_at - 1]:
                break
            if ends[stop_at - 1] and len(set(folded[start:stop_at])) == stop_at - start:
                yield " ".join(folded[start:stop_at])


def _counted(
    segments: Sequence[Segment],
    theme: Labels,
    spoken: Sequence[str],
    stop: frozenset[str],
    avoid: frozenset[str],
) -> list[Counter[str]]:
    """Return in how many comments of each theme a phrase of its commonest language stands."""
    seen: list[dict[str, set[str]]] = [defaultdict(set) for _ in spoken]
    for segment, number in zip(segments, theme.tolist(), strict=True):
        if segment.language != spoken[number]:
            continue
        for phrase in _phrases(segment, stop, avoid):
            seen[number][phrase].add(segment.comment_id)
    return [Counter({phrase: len(ids) for phrase, ids in own.items()}) for own in seen]


def _telling(used: Counter[str], known: Mapping[str, float], count: int) -> list[str]:
    """Return the phrases of a theme whose words it uses most and others seldom.

    ``known`` is what each word tells of the theme. A phrase that comments repeat counts more, but
    one telling word repeated beside an idle one does not: every word counts alike.
    """
    weight = {
        phrase: np.mean([known.get(word, 0.0) for word in phrase.split()]) * (1 + np.log(n)) ** 0.5
        for phrase, n in used.items()
    }
    return sorted(weight, key=lambda phrase: (-weight[phrase], phrase))[:count]


def _known_words(
    segments: Sequence[Segment], theme: Labels, count: int, stop: frozenset[str]
) -> list[dict[str, float]]:
    """Return, for each theme, what its words tell: their share of segments x their rarity, 0..

    Stop words tell nothing; inside a phrase they weigh it down a little.
    """
    uses: list[Counter[str]] = [Counter() for _ in range(count)]
    for segment, number in zip(segments, theme.tolist(), strict=True):
        words = {word.replace("’", "'") for word in _LETTERS.findall(segment.text.casefold())}
        uses[number].update(words - stop)
    sizes = np.bincount(theme, minlength=count)
    share = [
        {word: n / size for word, n in own.items()} for own, size in zip(uses, sizes, strict=True)
    ]
    total: Counter[str] = Counter()
    for own in share:
        total.update(own)
    return [
        {word: value**0.5 * value / total[word] for word, value in own.items()} for own in share
    ]


def _central(number: int, theme: Labels, vectors: Vectors, centres: Vectors) -> Labels:
    members = np.flatnonzero(theme == number)
    nearest = np.argsort(-(vectors[members] @ centres[number]), kind="stable")
    return members[nearest[:CENTRAL]]


def _inside(
    segments: Sequence[Segment], stop: frozenset[str], avoid: frozenset[str], known: set[str]
) -> list[str]:
    """Return phrases of these segments that are not known yet, in the order of the segments."""
    found = dict.fromkeys(p for segment in segments for p in _phrases(segment, stop, avoid))
    return [phrase for phrase in found if phrase not in known][:MORE]


def _scored(
    phrases: Sequence[Sequence[str]],
    used: Sequence[Counter[str]],
    centres: Vectors,
    spoken: Sequence[str],
    embed: Embed,
) -> list[list[Row]]:
    """Return, for each theme, (margin of cosine, score, phrase), the highest score first."""
    flat = [(number, phrase) for number, own in enumerate(phrases) for phrase in own]
    rows: list[list[Row]] = [[] for _ in phrases]
    if not flat:
        return rows
    vectors = embed([phrase for _, phrase in flat], [spoken[number] for number, _ in flat])
    cosine: NDArray[np.float32] = vectors @ centres.T
    for (number, phrase), row in zip(flat, cosine, strict=True):
        others = np.delete(row, number)
        margin = float(row[number] - others.max(initial=-1.0))
        # What finds its theme comes first; then what lies in its middle, and is said often.
        said = np.log1p(used[number][phrase]) if phrase in used[number] else 0.0
        score = float(row[number]) + SAID_WEIGHT * float(said) + (margin > 0)
        rows[number].append((margin, score, phrase))
    return [sorted(own, key=lambda row: (-row[1], row[2])) for own in rows]


def _distinct(scored: Sequence[Sequence[Row]], terms: Sequence[Sequence[str]]) -> list[str]:
    """Return the best phrase of each theme that no theme before it has taken."""
    taken: set[frozenset[str]] = set()
    result = []
    for number, rows in enumerate(scored):
        choices = [phrase for _, _, phrase in rows]
        choices += [" ".join(terms[number][:size]) for size in range(2, 6)]
        free = [c for c in choices if c and frozenset(c.split()) not in taken]
        label = free[0] if free else f"{' '.join(terms[number][:1]) or 'theme'} {number + 1}"
        taken.add(frozenset(label.split()))
        result.append(label)
    return result
