"""Themes -> labels: phrases of two to five words that the segments themselves use.

Candidates are whole phrases, not cut off before an object, of words that the theme uses more than
others do; and pairs of its key nouns ("towels and soap"), where comments share words but no phrase.
The label is the candidate that lies nearest to the theme's middle, that most comments say, whose
words tell most and that ends in a noun, among those that find their own theme: no other theme's
centroid is nearer to them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from analyzer.label import Level, any_text
from analyzer.types import Labels, Segment, Vectors
from analyzer.wording import (
    PHRASE_WORDS,
    Lexicon,
    Phrase,
    Role,
    Talk,
    listen,
    roles_of,
    stem_of,
    telling,
    words_of,
)

# So many phrases and pairs of a theme are embedded; if none finds it, so many MORE of each. Without
# MORE 90 % of the themes are found, not 96 %; twice the PHRASES changes 1 % of the labels.
PHRASES, PAIRS, MORE = 10, 4, 30
# Pairs are made of so many of a theme's key terms.
PAIRED = 8
# Words with so many first letters in common are one word to a reader of labels.
GIST = 4
# What is said so often is no chance: a word no slip, a phrase with a verb a saying ("cancel the
# order"). And so large a share of a theme's comments say its label, unless its words are joined.
REPEATED = 3
SHARE = 0.015
# A noun stands like one in so large a share of its places (others show nothing: "no towels left").
NOUN_SHARE = 0.2
# What counts beside the cosine, 0..1, what the words tell, 0..1, and the root of the share of
# comments that say them: how often the last word is a noun; against it that hardly anybody says
# them so, or that they tell a story; and each word beyond two. Measured on 477 themes of four
# corpora: each of them at 0, or doubled, changes 3 to 13 % of the labels, and none that is found.
NOUN, APART, LONG = 0.3, 0.2, 0.05

# And that the theme's own people use all words often enough, where people count.
OWN = 0.05

# Phrases and their languages -> unit vectors (n, d) in each space, the centred one first.
Embed = Callable[[Sequence[str], Sequence[str]], Sequence[Vectors]]
# Whether a candidate finds its theme, its score, its text.
Row = tuple[bool, float, str]


@dataclass(frozen=True)
class Candidate:
    """What may be a label: its ``merit`` counts beside its cosine, its ``rank`` brings it forward.

    Only if none of the ``sound`` ones finds its theme, the others are tried.
    """

    text: str
    merit: float
    rank: float
    sound: bool = True


def labels(
    segments: Sequence[Segment],
    theme: Labels,
    near: NDArray[np.float32],
    centres: Sequence[Vectors],
    terms: Sequence[Sequence[str]],
    stop: frozenset[str],
    avoid: frozenset[str],
    embed: Embed,
    levels: Sequence[Level] | None = None,
) -> list[str]:
    """Return a label for each theme, no two alike.

    ``near`` (n,) are the segments' cosines with their theme's centroid, ``centres`` (n_themes, d)
    the centroids in each space of ``embed``; ``terms`` are the themes' key terms, of which a label
    is made where no phrase will do; ``stop`` words do not begin or end a label, names to ``avoid``
    do not stand in one, nor as part of a word. ``levels``, if given, tell for each theme whether
    enough people use the words of a text: 0, it is no label.
    """
    lexicon = Lexicon(stop, avoid)
    words = [words_of(segment.text) for segment in segments]
    roles = roles_of(segments, words, lexicon)
    talks = listen(segments, words, theme, near, len(terms), lexicon)
    users = Counter(stem for talk in talks for stem, ids in talk.users.items() for _ in ids)
    usual = frozenset(stem for stem, count in users.items() if count >= REPEATED)
    levels = levels or [any_text] * len(terms)
    candidates = [
        [*_phrases(talk, tells, roles, usual, level), *_pairs(talk, tells, own, roles, level)]
        for talk, tells, own, level in zip(talks, telling(talks), terms, levels, strict=True)
    ]
    languages = [talk.language for talk in talks]
    first = [[one for one in own if one.sound] for own in candidates]
    scored = _scored(first, languages, centres, embed)
    more = [
        [] if any(finds for finds, *_ in rows) else [one for one in own if not one.sound]
        for rows, own in zip(scored, candidates, strict=True)
    ]
    for rows, others in zip(scored, _scored(more, languages, centres, embed), strict=True):
        rows.extend(row for row in others if row[0])
    return _distinct(scored, talks, terms)


def _phrases(
    talk: Talk,
    tells: Mapping[str, float],
    roles: Mapping[str, Role],
    usual: frozenset[str],
    level: Level,
) -> list[Candidate]:
    """Return the phrases that may be the theme's label.

    First the most telling that enough comments say, then those of its most central segments.
    """
    sound, others = [], []
    for stems, forms in _variants(talk, level).items():
        phrase = min(forms, key=lambda form: (-len(talk.said[form]), len(form), form))
        said = len(set().union(*(talk.said[form] for form in forms)))
        if not _well_formed(phrase, said, talk, roles):
            continue
        story = _tells_a_story(phrase, talk, roles)
        weights = [tells[stem] for stem in stems]
        # An adjective behind "is" ends a phrase as well as most nouns do.
        noun = NOUN_SHARE if phrase[-2] in talk.grammar.copulas else roles[phrase[-1]].noun
        merit = (
            min(1.0, 2 * sum(weights) / len(weights))
            + (said / len(talk.comments)) ** 0.5
            + NOUN * noun
        )
        merit -= APART * (story or said < 2) + LONG * (len(phrase) - 2)
        merit += OWN * (level(" ".join(phrase)) > 1)
        enough = said >= SHARE * len(talk.comments) and not (story and said < REPEATED)
        shared = any(len(talk.users[stem]) > 1 for stem in stems)
        if enough and shared and stems <= usual:
            rank = sum(weights) / len(weights) * (1 + float(np.log(said)))
            sound.append(Candidate(" ".join(phrase), merit, rank))
        else:
            others.append(Candidate(" ".join(phrase), merit, talk.near[phrase], sound=False))
    return [*_best(sound, PHRASES), *_best(others, 0)]


def _variants(talk: Talk, level: Level) -> dict[frozenset[str], list[Phrase]]:
    """Return the whole phrases, of words that enough people use, by the stems they are made of.

    A phrase is not whole if half of those who say it go on, or begin with the same word before: if
    it is a word that may be shown.
    """
    longer: Counter[Phrase] = Counter()
    for phrase, ids in talk.said.items():
        if level(phrase[0]):
            longer[phrase[1:]] = max(longer[phrase[1:]], len(ids))
    found: dict[frozenset[str], list[Phrase]] = defaultdict(list)
    for phrase, ids in talk.said.items():
        half = len(ids) / 2
        begun = len(ids) >= REPEATED and longer[phrase] >= half and phrase[0] not in talk.judging
        whole = len(talk.whole.get(phrase, ())) >= half and not begun
        if whole and level(" ".join(phrase)):
            stems = frozenset(stem_of(word) for word in phrase if word not in talk.linking)
            found[stems].append(phrase)
    return found


def _best(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """Return so many as they are, and MORE that are tried after all the sound ones."""
    ranked = sorted(candidates, key=lambda one: (-one.rank, one.text))
    return [
        *ranked[:count],
        *(replace(one, sound=False) for one in ranked[count : count + MORE]),
    ]


def _well_formed(phrase: Phrase, said: int, talk: Talk, roles: Mapping[str, Role]) -> bool:
    """Tell whether a phrase is no list ("hours bad management") and no scrap ("long is")."""
    grammar, judging = talk.grammar, talk.judging
    for before, word in pairwise(phrase):
        listed = word in judging and before not in talk.linking and before not in judging
        if listed or (word in grammar.copulas and before in judging):
            return False
    last, before = phrase[-1], phrase[-2]
    if last in grammar.qualities and before not in grammar.copulas:
        return False
    if last.endswith(grammar.adverbs) and roles[last].noun < NOUN_SHARE:
        return False
    # A noun before a phrase that is said without it is its neighbour in a list.
    alone = len(phrase) > PHRASE_WORDS[0] and len(talk.said.get(phrase[1:], ())) >= 2 * said
    return not (alone and roles[phrase[0]].noun >= NOUN_SHARE)


def _tells_a_story(phrase: Phrase, talk: Talk, roles: Mapping[str, Role]) -> bool:
    """Tell whether a phrase holds a verb, or what something is done to ("iron the shirt")."""
    articles = talk.grammar.articles
    if any(roles[word].is_verb for word in phrase if word not in talk.linking):
        return True
    may_precede = talk.linking - articles
    return any(word in articles and b not in may_precede for b, word in pairwise(phrase))


def _pairs(
    talk: Talk,
    tells: Mapping[str, float],
    terms: Sequence[str],
    roles: Mapping[str, Role],
    level: Level,
) -> list[Candidate]:
    """Return pairs of the theme's key terms, first those of two nouns."""
    stems = dict.fromkeys(stem_of(word) for term in terms for word in term.split())
    shared = [stem for stem in stems if len(talk.users.get(stem, ())) > 1][:PAIRED]
    sound: list[Candidate] = []
    others: list[Candidate] = []
    for one, two in combinations(shared, 2):
        words = [_commonest_form(talk.forms[stem], level) for stem in (one, two)]
        audible = min(map(level, words))
        if not audible:
            continue
        if one[:GIST] == two[:GIST] or any(roles[word].is_verb for word in words):
            continue
        noun = min(roles[word].noun for word in words)
        rank = tells[one] + tells[two]
        merit = min(1.0, rank) + NOUN * noun - APART + OWN * (audible > 1)
        pair = Candidate(talk.joined(words), merit, rank)
        named = noun >= NOUN_SHARE and talk.judging.isdisjoint(words)
        (sound if named else others).append(replace(pair, sound=named))
    return [*_best(sound, PAIRS), *_best(others, 0)]


def _commonest_form(forms: Mapping[str, int], level: Level) -> str:
    return min(forms, key=lambda form: (not level(form), -forms[form], form))


def _scored(
    candidates: Sequence[Sequence[Candidate]],
    languages: Sequence[str],
    centres: Sequence[Vectors],
    embed: Embed,
) -> list[list[Row]]:
    """Return the rows of each theme; a candidate finds its theme if it does so in every space."""
    rows: list[list[Row]] = [[] for _ in candidates]
    flat = [(number, one) for number, own in enumerate(candidates) for one in own]
    if not flat:
        return rows
    numbers = np.array([number for number, _ in flat])
    spaces = embed([one.text for _, one in flat], [languages[number] for number, _ in flat])
    cosine = [vectors @ centre.T for vectors, centre in zip(spaces, centres, strict=True)]
    finds = np.all([own.argmax(axis=1) == numbers for own in cosine], axis=0)
    for at, (number, one) in enumerate(flat):
        rows[number].append((bool(finds[at]), float(cosine[0][at, number]) + one.merit, one.text))
    return rows


def _distinct(
    scored: Sequence[Sequence[Row]], talks: Sequence[Talk], terms: Sequence[Sequence[str]]
) -> list[str]:
    """Return the best label of each theme that no theme before it has taken."""
    taken: set[frozenset[str]] = set()
    result = []
    for number, (rows, talk, own) in enumerate(zip(scored, talks, terms, strict=True), start=1):
        choices = [text for _, _, text in sorted(rows, key=lambda row: (-row[0], -row[1], row[2]))]
        begins = [term[:GIST] for term in own]
        words = [term for at, term in enumerate(own) if begins.index(begins[at]) == at]
        choices += [talk.joined(words[:size]) for size in (2, 3) if len(words) >= size]
        choices += [talk.joined(two) for two in combinations(words[:PAIRED], 2)]
        choices += words
        free = [choice for choice in choices if _gist(choice) not in taken]
        label = free[0] if free else f"theme {number}"
        taken.add(_gist(label))
        result.append(label)
    return result


def _gist(label: str) -> frozenset[str]:
    """Return what labels share that a reader takes for one: "issue a refund", "issued refunds"."""
    return frozenset(word[:GIST] for word in label.split() if len(word) >= GIST - 1)
