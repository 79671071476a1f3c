"""The words of a sentence for the rules: small classes of English words, and noun phrases found by them."""

import re
from dataclasses import dataclass

from annotations.suggesting.found import Span
from annotations.suggesting.lexicon import NOUNS, SAYERS, VERBS

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Sgt|Lt|Col|St|Jr|Sr|Rev|Prof|Reps|Sens)\.|\$?\d[\d.,]*\d|"
    r"\w+(?:[’'\-]\w+)*[’']?(?=\W|$)|[^\w\s]"
)
QUOTED = "“”"
"""Stands for all words in quotation marks."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


PRONOUNS = _set("he she they it we i you who one some many others everyone everybody somebody nobody both")
OBJECT_PRONOUNS = _set("him her them us me you it himself herself themselves")
_OR_NOUNS = _set("one some many others both")
DETERMINERS = _set("""
    the a an his her its their our my your this that these those some many several most all each every any no another
    one two three four five six seven both few other such more
""")
PREPOSITIONS = _set("""
    in on at by for from with about of to into over under after before during since against between among through
    without within near across outside inside around toward towards upon off per despite like amid behind beyond
    throughout until as than via considering including regarding concerning
""")
AUXILIARIES = _set("""
    is are was were be been being am has have had having do does did will would can could may might shall should must
    won't wouldn't can't couldn't isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't shouldn't
    isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t doesn’t didn’t won’t wouldn’t can’t couldn’t shouldn’t
    cannot 's ’s
""")
CONJUNCTIONS = _set("""
    and but or nor yet so because if when while although though whereas unless where how why what whether once that
    which who whom whose
""")
ADVERBS = _set("""
    also then later earlier again now still already just even never not often once first further only soon always long
    ever twice simply instead meanwhile however too here there today yesterday tonight thus back reportedly allegedly
    previously recently repeatedly ago
""")
WEEKDAYS = _set("monday tuesday wednesday thursday friday saturday sunday")
DAYS = WEEKDAYS | _set("""
    mon tue wed thu fri sat sun today yesterday tonight january february march april june july august september
    october november december
""")
SPANS_OF_TIME = WEEKDAYS | _set("week month year night summer fall autumn spring winter morning weekend")
PAST = _set("""
    said told wrote written thought felt knew spoke spoken swore found showed shown made put held began went shouted
    read heard saw seen laid shot fired left went came met took gave got sat stood ran won lost paid sold built sent
    spent kept became rose fell drew led broke chose
""")
_TRAILING = ("for", "at", "with", "in", "from")
_LONGEST = 16
"""Words of a noun phrase."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a mark, or a whole quotation."""

    start: int
    end: int
    text: str
    lower: str
    last: str = ""
    """The last letters and marks of a quotation."""

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum() or self.text[0] == "$"

    @property
    def is_past(self) -> bool:
        return self.lower.endswith("ed") or self.lower in PAST


def tokens(text: str, start: int, end: int) -> list[Word]:
    """The words and marks of text[start:end]."""
    return [Word(m.start(), m.end(), m[0], m[0].lower()) for m in _TOKEN.finditer(text, start, end)]


def is_adverb(lower: str) -> bool:
    return lower in ADVERBS or lower.endswith("ly")


class Words:
    """The words of a sentence, with safe look-ups, and its noun phrases."""

    def __init__(self, words: list[Word], end: int) -> None:
        self.words = words
        self.end = end

    def __len__(self) -> int:
        return len(self.words)

    def lower(self, i: int) -> str:
        return self.words[i].lower if 0 <= i < len(self.words) else ""

    def text(self, i: int) -> str:
        return self.words[i].text if 0 <= i < len(self.words) else ""

    def has_capital(self, i: int) -> bool:
        return self.text(i)[:1].isupper()

    def is_noun_like(self, i: int) -> bool:
        lower = self.lower(i)
        return lower[:1].isalpha() and lower not in PREPOSITIONS and lower not in CONJUNCTIONS

    # -- noun phrases

    def phrase_before(self, j: int) -> Span | None:
        """The noun phrase that ends with word j."""
        word = self.words[j] if 0 <= j < len(self.words) else None
        if word is None or not word.is_word or word.lower in PREPOSITIONS:
            return None
        if word.lower in PRONOUNS and (word.lower not in _OR_NOUNS or self.lower(j - 1) != "the"):
            return word.start, word.end
        if word.lower in CONJUNCTIONS or word.lower in AUXILIARIES or word.lower in ADVERBS:
            return None
        first = k = j
        while k > 0 and j - k < _LONGEST - 2:
            k -= 1
            lower = self.lower(k)
            if lower in DETERMINERS:
                first = k
                if self.lower(k - 1) == "of" and self.is_noun_like(k - 2):
                    k -= 1
                elif self.lower(k - 1) not in DETERMINERS:
                    break
            elif self._joins(k, first):
                continue
            elif self._ends_phrase(k):
                break
            else:
                first = k
        return self.words[first].start, word.end

    def _joins(self, k: int, first: int) -> bool:
        """Whether word k joins the nouns on its sides: "director *of* the board", "Hunt *and* Wright", "J*.* Hunt"."""
        lower = self.lower(k)
        if lower == ".":
            return len(self.text(k - 1)) <= 4 and self.has_capital(k - 1)
        if lower == "and":
            return self.has_capital(k - 1) and self.has_capital(k + 1)
        if lower not in (*_TRAILING, "of", "to") or k + 1 != first or not self.is_noun_like(k - 1):
            return False
        if lower != "of" and (not self.has_capital(k + 1) or self.has_capital(k - 1)):
            return False
        return self.lower(k - 1) not in VERBS

    def _ends_phrase(self, k: int) -> bool:
        word = self.words[k]
        lower = word.lower
        if not word.is_word:
            return word.text not in ("&", "-", "”")
        if lower in CONJUNCTIONS or lower in PREPOSITIONS or lower in AUXILIARIES or lower in ADVERBS:
            return True
        if lower in DAYS or (lower in PRONOUNS and lower not in ("one", "some", "many")):
            return True
        return lower in VERBS and not word.text[0].isupper() and lower not in SAYERS and lower not in NOUNS

    def phrase_after(self, i: int) -> Span | None:
        """The noun phrase that begins with word i."""
        word = self.words[i] if i < len(self.words) else None
        if word is None or not word.is_word:
            return None
        if word.lower in PRONOUNS and word.lower not in ("some", "one", "many", "both"):
            return word.start, word.end
        if not self._begins_phrase(i):
            return None
        last = i
        for k in range(i + 1, min(i + _LONGEST, len(self.words))):
            lower = self.lower(k)
            if lower == "." and len(self.text(k - 1)) <= 4 and k + 1 < len(self.words):
                continue
            if self._stops_phrase(k, last, k > i + 1):
                break
            if lower != "and" and lower not in PREPOSITIONS:
                last = k
        return word.start, self.words[last].end

    def _begins_phrase(self, i: int) -> bool:
        word = self.words[i]
        if word.lower in CONJUNCTIONS and word.lower != "that":
            return False
        if word.lower in DETERMINERS or word.lower.endswith("s"):
            return True
        if word.text[0].isupper():
            return word.lower not in DAYS or self._named_next(i)
        return self._named_next(i)

    def _named_next(self, i: int) -> bool:
        """ "strategist Kevin Madden" """
        lower = self.lower(i)
        return self.has_capital(i + 1) and lower not in PREPOSITIONS and lower not in ADVERBS

    def _stops_phrase(self, k: int, last: int, may_be_verb: bool) -> bool:
        word = self.words[k]
        lower = word.lower
        if not word.is_word:
            return True
        if lower == "and":
            return not self.has_capital(k + 1)
        if lower in PREPOSITIONS:
            named = self.has_capital(k + 1) and self.lower(k + 1) not in DAYS and not self.has_capital(last)
            return lower != "of" and not (lower in _TRAILING and named)
        if lower in CONJUNCTIONS or lower in AUXILIARIES or lower in ADVERBS or lower in DAYS:
            return True
        return lower in ("last", "this") or (may_be_verb and lower in VERBS and not word.text[0].isupper())

    def first_phrase(self) -> Span | None:
        """The subject of the sentence, where it begins with a name, a pronoun or "the …"."""
        for i, word in enumerate(self.words[:12]):
            if word.lower not in ("he", "she", "they"):
                small = word.lower in PREPOSITIONS or word.lower in CONJUNCTIONS or word.lower in ADVERBS
                if small or word.lower in DAYS or not (word.is_word and word.text[0].isupper()):
                    continue
            if self.lower(i - 1) not in PREPOSITIONS:
                return self.phrase_after(i)
        return None
