"""What the comments of each theme say: its words, its phrases, and what its words tell of it.

No grammar is parsed. A few closed classes of words (`words.GRAMMAR`) tell where a phrase begins and
ends; whether a word is a verb or a noun is learned from its neighbours in all comments.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analyzer.language import commonest
from analyzer.types import Labels, Segment
from analyzer.words import GRAMMAR, MASK_PATTERN, MONTHS, WORDS, Grammar

# A phrase has at least and at most so many words.
PHRASE_WORDS = (2, 5)
# A word is a verb if it stands like one in so large a share of its places.
VERB_SHARE = 0.4
_TOKEN = re.compile(rf"{MASK_PATTERN}|" r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\s\w]|\d\S*")

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """How often, 0..1, a word stands like a verb ("to x", "x the") and like a noun ("the x")."""

    verb: float
    noun: float

    @property
    def is_verb(self) -> bool:
        """Whether it is one."""
        return self.verb > VERB_SHARE


@dataclass
class Talk:
    """What the comments of one theme say, in its commonest language.

    ``users`` are the comments that use a word, by its stem, ``forms`` the words of a stem; ``said``
    and ``whole`` are the comments that say a phrase, and that do not go on with it; ``near`` is the
    cosine of the most central segment that says it. ``linking`` words may stand inside a phrase,
    ``judging`` ones praise or blame.
    """

    language: str
    comments: set[str] = field(default_factory=set)
    users: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    forms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    said: dict[Phrase, set[str]] = field(default_factory=lambda: defaultdict(set))
    whole: dict[Phrase, set[str]] = field(default_factory=lambda: defaultdict(set))
    near: dict[Phrase, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = self.grammar = GRAMMAR.get(self.language, Grammar())
        self.linking = own.articles | own.prepositions | own.copulas | set(own.joints)
        self.judging = own.qualities
        if self.language in WORDS:
            self.judging |= WORDS[self.language].judging

    def joined(self, words: Sequence[str]) -> str:
        """Return the words with "and" between them, in this language if it is known."""
        joint = f" {self.grammar.joints[0]} " if self.grammar.joints else " "
        return joint.join(words)

    def hear(self, comment: str, words: Sequence[str], near: float, lexicon: Lexicon) -> None:
        """Add a segment's words; ``near`` is its cosine with the theme's centroid."""
        means = [lexicon.means(word, self.language) for word in words]
        self.comments.add(comment)
        for word in (word for word, ok in zip(words, means, strict=True) if ok):
            self.users[stem_of(word)].add(comment)
            self.forms[stem_of(word)][word] += 1
        objects = self.grammar.articles | self.grammar.determiners
        for start, end in self._spans(words, means):
            phrase = tuple(words[start:end])
            if lexicon.names("".join(phrase)):
                continue
            self.said[phrase].add(comment)
            self.near[phrase] = max(near, self.near.get(phrase, -1.0))
            # What praises or blames begins something new: "long shifts bad management".
            after = words[end] if end < len(words) else "."
            goes_on = end < len(words) and means[end] and after not in self.judging
            if not goes_on and after not in objects:
                self.whole[phrase].add(comment)

    def _spans(self, words: Sequence[str], means: Sequence[bool]) -> Iterator[tuple[int, int]]:
        """Yield where phrases begin and end: with a word that means something, at both ends."""
        low, high = PHRASE_WORDS
        for start in range(len(words)):
            denied = start and self.grammar.negations & parts_of(words[start - 1])
            if not means[start] or denied:
                continue
            for end in range(start + 1, min(start + high, len(words)) + 1):
                if not (means[end - 1] or words[end - 1] in self.linking):
                    break
                once = len(set(words[start:end])) == end - start
                if end - start >= low and means[end - 1] and once:
                    yield start, end


class Lexicon:
    """Which words may begin or end a phrase. It remembers what it was asked."""

    def __init__(self, stop: frozenset[str], avoid: frozenset[str]) -> None:
        self.stop = stop | MONTHS | {re.sub("['’]", "", word) for word in stop}
        self._avoid = avoid
        self._known: dict[tuple[str, str], bool] = {}

    def means(self, word: str, language: str) -> bool:
        """Tell whether the word may by itself say what a theme is about."""
        key = word, language
        if key not in self._known:
            self._known[key] = self._means(word, language)
        return self._known[key]

    def _means(self, word: str, language: str) -> bool:
        if len(word) < 2 or not word[0].isalpha() or word in self.stop or self.names(word):
            return False
        grammar = GRAMMAR.get(language, Grammar())
        idle = grammar.loose | grammar.subjects | grammar.negations
        if language in WORDS:
            idle |= WORDS[language].filler - grammar.qualities
        shortened = "'" in word and word.split("'")[0] in self.stop
        return not shortened and parts_of(word).isdisjoint(idle)

    def names(self, text: str) -> bool:
        """Tell whether a name to avoid stands in a text, even in a word or apart ("hill top")."""
        return any(name in re.sub(r"[\W_]", "", text) for name in self._avoid)


def words_of(text: str) -> list[str]:
    """Return the words and the marks of a text, in lower case."""
    return [token.casefold().replace("’", "'") for token in _TOKEN.findall(text)]


def parts_of(word: str) -> set[str]:
    """Return what apostrophes and hyphens part."""
    return set(re.split("['-]", word))


def stem_of(word: str) -> str:
    """Return what a word shares with its plural, in the languages that have a row of WORDS."""
    word = word[:-1] if len(word) > 3 and word[-1] == "s" else word
    return word[:-1] if len(word) > 3 and word[-1] in "aeio" else word


def roles_of(
    segments: Sequence[Segment], words: Sequence[Sequence[str]], lexicon: Lexicon
) -> dict[str, Role]:
    """Return what part each word plays in the segments, told by its neighbours."""
    seen, verbs, nouns = Counter[str](), Counter[str](), Counter[str]()
    for segment, own in zip(segments, words, strict=True):
        grammar = GRAMMAR.get(segment.language, Grammar())
        marks = grammar.subjects | grammar.negations
        objects = grammar.articles | grammar.determiners
        openers = objects | grammar.prepositions
        framed = [".", *own, "."]
        for before, word, after in zip(framed, framed[1:], framed[2:], strict=False):
            verb = not marks.isdisjoint(parts_of(before)) or after in objects
            # What another word follows may be its quality: "the open door".
            ends = before in openers and not (after[0].isalpha() and after not in lexicon.stop)
            seen[word] += 1
            verbs[word] += verb
            nouns[word] += not verb and (ends or after in grammar.copulas)
    # What is seen once or twice proves little.
    return {
        w: Role((verbs[w] + 0.2) / (n + 1), (nouns[w] + 0.3) / (n + 2)) for w, n in seen.items()
    }


def listen(
    segments: Sequence[Segment],
    words: Sequence[Sequence[str]],
    theme: Labels,
    near: NDArray[np.float32],
    count: int,
    lexicon: Lexicon,
) -> list[Talk]:
    """Return what is said in each of ``count`` themes.

    ``words`` are the segments' words, ``theme`` and ``near`` (n,) their theme and their cosine with
    its centroid.
    """
    languages: list[list[str]] = [[] for _ in range(count)]
    for segment, number in zip(segments, theme.tolist(), strict=True):
        languages[number].append(segment.language)
    talks = [Talk(commonest(own)) for own in languages]
    rows = zip(segments, words, theme.tolist(), near.tolist(), strict=True)
    for segment, own, number, cosine in rows:
        if segment.language == talks[number].language:
            talks[number].hear(segment.comment_id, own, cosine, lexicon)
    return talks


def telling(talks: Sequence[Talk]) -> list[dict[str, float]]:
    """Return what the words of each theme tell of it, 0..1, by their stems.

    It is the share of its comments that use the word x the theme's part of all themes' shares.
    """
    shares = [
        {stem: len(ids) / len(talk.comments) for stem, ids in talk.users.items()} for talk in talks
    ]
    total: Counter[str] = Counter()
    for own in shares:
        total.update(own)
    return [{stem: share * share / total[stem] for stem, share in own.items()} for own in shares]
