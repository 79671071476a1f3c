# ruff: noqa: E501, PLR0912, SIM102, B007, PERF401
"""Attributions read by rules over words alone: no parser, no model, every text in a few milliseconds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.lexicon import NOUNS, PHRASES, SAYERS, VERBS, Frame

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Sgt|Lt|Col|St|Jr|Sr|Rev|Prof|Reps|Sens)\.|\$?\d[\d.,]*\d|"
    r"\w+(?:[’'\-]\w+)*[’']?(?=\W|$)|[^\w\s]"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PRONOUNS = _set("he she they it we i you who one some many others everyone everybody somebody nobody both")
_OBJECT_PRONOUNS = _set("him her them us me you it himself herself themselves")
_DETERMINERS = _set(
    "the a an his her its their our my your this that these those some many several most all each every any no "
    "another one two three four five six both few other such more"
)
_PREPOSITIONS = _set(
    "in on at by for from with about of to into over under after before during since against between among through "
    "without within near across outside inside around toward towards upon off per despite like amid behind beyond "
    "throughout until as than via"
)
_AUXILIARIES = _set(
    "is are was were be been being am has have had having do does did will would can could may might shall should must "
    "won't wouldn't can't couldn't isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't shouldn't "
    "isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t doesn’t didn’t won’t wouldn’t can’t couldn’t shouldn’t "
    "cannot 's ’s"
)
_CONJUNCTIONS = _set(
    "and but or nor yet so because if when while although though whereas unless where how why what whether once that which who whom whose"
)
_ADVERBS = _set(
    "also then later earlier again now still already just even never not often once first further only soon always "
    "long ever twice simply instead meanwhile however too here there today yesterday tonight thus back reportedly "
    "allegedly previously recently repeatedly ago"
)
_DAYS = _set(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today yesterday tonight "
    "january february march april june july august september october november december"
)
_SINGULAR_S = re.compile(r"(?:ss|us|is)$")
_NOT_BEFORE_VERB = _set(
    "the a an his her its their our my your this these those no any each every of such other"
)


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str
    lower: str


def read(layout: Layout) -> Iterator[Found]:
    """The attributions of a text, in the order of their cues."""
    for number, sentence in enumerate(layout.sentences):
        words: list[Word] = []
        position = sentence.start
        for region in [*layout.regions_in(sentence.start, sentence.end), None]:
            stop = region.start if region else sentence.end
            for match in _TOKEN.finditer(layout.text, position, stop):
                words.append(Word(match.start(), match.end(), match[0], match[0].lower()))
            if region:
                words.append(Word(region.start, region.end, "“”", "“”"))
                position = region.end
        yield from _Reader(layout, words, sentence.end).read()


def _is_word(word: Word) -> bool:
    return word.text[0].isalnum() or word.text[0] == "$"


class _Reader:
    """One sentence; a quotation in it is a single word."""

    def __init__(self, layout: Layout, words: list[Word], end: int) -> None:
        self.layout = layout
        self.words = words
        self.end = end
        self.last: Found | None = None

    def read(self) -> Iterator[Found]:
        for i, word in enumerate(self.words):
            found = None
            if word.lower == "according" and self._lower(i + 1) == "to":
                found = self._according(i)
            elif word.lower in VERBS and self._is_verb(i):
                phrase = PHRASES.get((word.lower, self._lower(i + 1)))
                width = 2 if phrase else 1
                if phrase is None and self._lower(i + 1) == "it":
                    phrase = PHRASES.get((word.lower, self._lower(i + 2)))
                    width = 3 if phrase else 1
                found = self._verb(i, width, phrase or VERBS[word.lower])
            if found is None and word.lower in NOUNS:
                found = self._noun(i)
            if found:
                yield found
                self.last = found

    def _lower(self, i: int) -> str:
        return self.words[i].lower if 0 <= i < len(self.words) else ""

    def _text(self, i: int) -> str:
        return self.words[i].text if 0 <= i < len(self.words) else ""

    # -- is it a verb?

    def _is_verb(self, i: int) -> bool:
        word = self.words[i]
        before = self._lower(i - 1)
        if word.text[0].isupper() and i > 0 and self._text(i - 1) not in ("“”", ",", ":", "."):
            if not self._is_title():
                return False
        if before in _NOT_BEFORE_VERB or (before.endswith(("’s", "'s")) and before not in _PRONOUN_IS):
            return False
        form = word.lower
        if form.endswith("ing"):
            return before not in _PREPOSITIONS or before in (
                "by",
                "in",
                "after",
                "before",
                "without",
                "while",
                "of",
            )
        if form.endswith("ed") or form in _PAST:
            return True
        frame = VERBS[form]
        if form == frame.lemma:  # the base form: with a plural subject, an auxiliary or "to"
            return self._may_be_base(i)
        return self._may_be_third(i)

    def _is_title(self) -> bool:
        """Whether most words have capitals, as in a headline."""
        words = [w for w in self.words if w.text[0].isalpha() and len(w.text) > 3]
        return len(words) > 2 and sum(w.text[0].isupper() for w in words) >= 0.8 * len(words)

    def _may_be_base(self, i: int) -> bool:
        j = i - 1
        while self._lower(j) in _ADVERBS or self._lower(j).endswith("ly"):
            j -= 1
        before = self._lower(j)
        if before in ("to", "they", "we", "i", "you", "who", "not", "and") or before in _AUXILIARIES:
            return True
        if before == ",":
            return True
        plural = before.endswith("s") and not _SINGULAR_S.search(before)
        return plural or before in (
            "people",
            "others",
            "some",
            "many",
            "men",
            "women",
            "officials",
            "police",
            "most",
        )

    def _may_be_third(self, i: int) -> bool:
        before = self._text(i - 1)
        if not before or before in ("“”", ","):
            return True
        lower = before.lower()
        return (
            lower in _PRONOUNS
            or lower in _ADVERBS
            or lower.endswith("ly")
            or before[0].isupper()
            or before[0] in ")”"
            or lower == "and"
            or lower in SAYERS
            or (
                VERBS[self.words[i].lower].takes("s")
                and self._lower(i + 1) in ("that", "he", "she", "they", "it", "the", "there")
            )
            or (
                before[0].isalpha()
                and lower not in _PREPOSITIONS
                and lower not in _DETERMINERS
                and not lower.endswith("s")
                and self.words[i].lower
                in ("says", "tells", "adds", "argues", "writes", "insists", "thinks", "believes")
            )
        )

    # -- verbs

    def _verb(self, i: int, width: int, frame: Frame) -> Found | None:
        passive = self._is_passive(i)
        speaker, how = self._speaker(i, i + width, passive)
        shape, content = self._content(i, i + width, frame, passive)
        inverted = how == "inverted"
        if inverted:
            how = "subject"
            assert speaker is not None
            if frame.takes("s"):
                shape, content = "before", [(self.words[0].start, self.words[i].start)]
        elif (
            shape == ""
            and frame.takes("sme")
            and speaker
            and how == "subject"
            and self._stands_apart(speaker[0])
        ):
            shape, content = "before", [(self.words[0].start, speaker[0])]
            if self._parenthesis_goes_on(self.words[i].end) and not self._has_verb(speaker[0]):
                shape = "around"
        elif shape == "clause" and speaker and how == "subject" and self._stands_apart(speaker[0]):
            pass
        if not content and not frame.takes("sx"):
            return None
        if not speaker and not content:
            return None
        adjunct = None
        return Found(
            (self.words[i].start, self.words[i + width - 1].end),
            frame.lemma,
            shape,
            speaker,
            content,
            how,
            says=not frame.takes("me"),
            adjunct=adjunct,
        )

    def _stands_apart(self, start: int) -> bool:
        """Whether the attribution that starts here follows a comma, and a comma or the end follows the cue."""
        before = [w for w in self.words if w.end <= start]
        return len(before) > 2 and before[-1].text == ","

    def _parenthesis_goes_on(self, place: int) -> bool:
        after = [w for w in self.words if w.start >= place]
        return len(after) > 2 and after[0].text == ","

    def _has_verb(self, place: int) -> bool:
        return any(
            w.lower in _AUXILIARIES
            or (w.text == "“”" and w.end - w.start > 20)
            or (w.lower.endswith("ed") and len(w.lower) > 4)
            or "n't" in w.lower
            or "n’t" in w.lower
            or (
                w.lower.endswith(("’s", "'s", "’re", "’ll", "’ve")) and w.lower[:-2].rstrip("’'") in _PRONOUNS
            )
            for w in self.words
            if w.end <= place
        )

    def _is_passive(self, i: int) -> bool:
        form = self.words[i].lower
        if not (form.endswith("ed") or form in _PAST):
            return False
        j = i - 1
        while self._lower(j) in _ADVERBS or self._lower(j).endswith("ly"):
            j -= 1
        before = self._lower(j)
        return before in ("is", "are", "was", "were", "be", "been", "being", "am", "isn't", "wasn't") or (
            i == 0 or before in ("when", "if", "once", "as") or j < 0
        )

    def _speaker(self, i: int, after: int, passive: bool) -> tuple[Span | None, str]:
        if passive:
            if self._lower(after) == "by":
                span = self._phrase_after(after + 1)
                return span, "agent" if span else "none"
            return None, "none"
        j = i - 1
        while j >= 0 and (
            self._lower(j) in _ADVERBS or self._lower(j) in _AUXILIARIES or self._lower(j).endswith("ly")
        ):
            j -= 1
        before = self._lower(j)
        form = self.words[i].lower
        if j < 0 or before == "“”" or (before == "," and self._text(j - 1) == "“”"):
            if j >= 0 and not form.endswith("ing"):
                span = self._phrase_after(after)
                if span:
                    return span, "inverted"
            if j < 0:
                return None, "none"
        if form.endswith("ing") and before not in ("he", "she", "they", "who", "is", "was", "are", "were"):
            if before not in (",", "“”") and self._lower(i - 1) not in _AUXILIARIES and self._words_noun(j):
                span = self._phrase_before(j)
                if span and self._lower(i - 1) in SAYERS:
                    return span, "noun"
            if self._lower(i - 1) not in ("is", "was", "are", "were", "been", "be"):
                return self._inherited()
        if before in ("and", "but", "or", "then", "to"):
            return self._inherited()
        if before == ",":
            if j == i - 1 and not form.endswith("ing"):
                span = self._phrase_after(after)
                apart = self._apposed(j)
                if apart:
                    return apart, "subject"
                return (span, "inverted") if span else self._inherited()
            apart = self._apposed(j)
            return (apart, "subject") if apart else self._inherited()
        if before in ("who", "which", "that"):
            return (self.words[j].start, self.words[j].end), "relative"
        span = self._phrase_before(j)
        return (span, "subject") if span else self._inherited()

    def _inherited(self) -> tuple[Span | None, str]:
        if self.last and self.last.speaker:
            return self.last.speaker, "inherited"
        span = self._first_phrase()
        return (span, "inherited") if span else (None, "none")

    def _first_phrase(self) -> Span | None:
        """The subject of the sentence, where it begins with a name, a pronoun or "the …"."""
        for i, word in enumerate(self.words[:12]):
            if word.lower in ("he", "she", "they") or (
                word.text[0].isupper()
                and word.lower not in _PREPOSITIONS
                and word.lower not in _CONJUNCTIONS
                and word.lower not in _ADVERBS
                and word.lower not in _DAYS
                and _is_word(word)
            ):
                if i and self._lower(i - 1) in _PREPOSITIONS:
                    continue
                return self._phrase_after(i)
        return None

    def _words_noun(self, j: int) -> bool:
        word = self._lower(j)
        return bool(word) and word[0].isalpha() and word not in _PREPOSITIONS and word not in _CONJUNCTIONS

    def _apposed(self, comma: int) -> Span | None:
        """The noun phrase before "…, the minister, said": what stands before the commas' first."""
        k = comma - 1
        count = 0
        while k > 0 and count < 30:
            if self._text(k) == ",":
                inside = [w.lower for w in self.words[k + 1 : comma]]
                if inside and (
                    inside[0]
                    in (
                        "who",
                        "which",
                        "whose",
                        "a",
                        "an",
                        "the",
                        "his",
                        "her",
                        "one",
                        "now",
                        "then",
                        "former",
                    )
                    or inside[0].isdigit()
                    or not any(w in _AUXILIARIES for w in inside)
                ):
                    span = self._phrase_before(k - 1)
                    if span:
                        return span
            k -= 1
            count += 1
        return None

    def _phrase_before(self, j: int) -> Span | None:
        """The noun phrase that ends with word j."""
        word = self.words[j] if 0 <= j < len(self.words) else None
        if word is None or not _is_word(word) or word.lower in _PREPOSITIONS:
            return None
        if word.lower in _PRONOUNS and (
            word.lower not in ("one", "some", "many", "others", "both") or self._lower(j - 1) not in ("the",)
        ):
            return word.start, word.end
        if word.lower in _CONJUNCTIONS or word.lower in _AUXILIARIES or word.lower in _ADVERBS:
            return None
        first = j
        k = j - 1
        while k >= 0 and j - k < 14:
            here = self.words[k]
            lower = here.lower
            if lower in _DETERMINERS:
                first = k
                if self._lower(k - 1) == "of" and self._words_noun(k - 2):
                    k -= 2
                    continue
                k -= 1
                if self._lower(k) not in _DETERMINERS:
                    break
                continue
            if not _is_word(here) and here.text not in ("&", "-", "”"):
                if here.text == "." and len(self._text(k - 1)) <= 4 and self._text(k - 1)[:1].isupper():
                    k -= 1
                    continue
                break
            if lower in ("of", "for", "at", "with", "in", "from", "to") and k + 1 == first and k > 0:
                if lower == "of" or (
                    self._text(k + 1)[:1].isupper()
                    and self._words_noun(k - 1)
                    and not self._text(k - 1)[:1].isupper()
                ):
                    if self._words_noun(k - 1) and self._lower(k - 1) not in VERBS:
                        k -= 1
                        continue
                break
            if lower == "and" and self._text(k - 1)[:1].isupper() and self._text(k + 1)[:1].isupper():
                k -= 1
                continue
            if lower in _CONJUNCTIONS or lower in _PREPOSITIONS or lower in _AUXILIARIES or lower in _ADVERBS:
                break
            if lower in _PRONOUNS and lower not in ("one", "some", "many"):
                break
            if lower in VERBS and not here.text[0].isupper() and lower not in SAYERS and lower not in NOUNS:
                break
            if lower in _DAYS:
                break
            first = k
            k -= 1
        return self.words[first].start, word.end

    def _phrase_after(self, i: int) -> Span | None:
        """The noun phrase that begins with word i."""
        word = self.words[i] if i < len(self.words) else None
        if word is None or not _is_word(word):
            return None
        if word.lower in _PRONOUNS and word.lower not in ("some", "one", "many", "both"):
            return word.start, word.end
        named = word.text[0].isupper() and word.lower not in _DAYS
        if not (
            named
            or word.lower in _DETERMINERS
            or word.lower.endswith("s")
            or (
                self._text(i + 1)[:1].isupper()
                and word.lower not in _PREPOSITIONS
                and word.lower not in _ADVERBS
            )
        ):
            return None
        if word.lower in _CONJUNCTIONS and word.lower != "that":
            return None
        last = i
        k = i + 1
        while k < len(self.words) and k - i < 16:
            here = self.words[k]
            if not _is_word(here):
                if here.text == "." and len(self._text(k - 1)) <= 4 and k + 1 < len(self.words):
                    k += 1
                    continue
                break
            lower = here.lower
            if lower in _CONJUNCTIONS and lower != "and":
                break
            if lower == "and" and not self._text(k + 1)[:1].isupper():
                break
            if lower in _PREPOSITIONS and lower != "of":
                if not (
                    lower in ("for", "at", "with", "in", "from")
                    and self._text(k + 1)[:1].isupper()
                    and self._lower(k + 1) not in _DAYS
                    and not self._text(last)[:1].isupper()
                ):
                    break
            if lower in _AUXILIARIES or lower in _ADVERBS or lower in _DAYS:
                break
            if (lower in VERBS and not here.text[0].isupper() and k > i + 1) or lower in (
                "last",
                "this",
                "when",
            ):
                break
            if here.text == "“”":
                break
            if lower not in ("of", "and") and lower not in _PREPOSITIONS:
                last = k
            k += 1
        return word.start, self.words[last].end

    # -- what was said

    def _content(self, i: int, after: int, frame: Frame, passive: bool) -> tuple[str, list[Span]]:
        words = self.words
        j = after
        while self._lower(j) in _ADVERBS or (
            self._lower(j).endswith("ly") and j < len(words) and j - after < 2
        ):
            j += 1
        following = self._lower(j)
        if not following or following in (".", "!", "?", ";"):
            return "", []
        if passive and not frame.takes("w"):
            return "", []
        if frame.takes("smwe"):
            that = self._that(j, frame)
            if that is not None:
                return "that", [(words[that].start, self._stop(that, i))]
        if frame.takes("w"):
            question = self._question(j, frame)
            if question is not None:
                return "question", [(words[question].start, self._stop(question, i))]
        if passive:
            return "", []
        if (frame.takes("t") and following == "to") or (following == "not" and self._lower(j + 1) == "to"):
            return "to", [(words[j].start, self._stop(j, i))]
        if frame.takes("u"):
            to = self._infinitive(j)
            if to is not None:
                return "to", [(words[j].start, self._stop(to, i))]
        if frame.takes("s"):
            begin = self._clause(j, frame)
            if begin is not None:
                return "clause", [(words[begin].start, self._stop(begin, i))]
        if frame.takes("me") and not frame.takes("s"):
            begin = self._clause(j, frame)
            if begin is not None and self._finite_after(begin):
                return "clause", [(words[begin].start, self._stop(begin, i))]
        if frame.takes("o") and following not in (",", ":", "“”") and following not in _CONJUNCTIONS:
            if following not in _PREPOSITIONS:
                return "object", [(words[j].start, self._stop_object(j, i))]
        if following in frame.prepositions and j + 1 < len(words):
            return "about", [(words[j + 1].start, self._stop_object(j + 1, i))]
        return "", []

    def _that(self, j: int, frame: Frame) -> int | None:
        """A "that" that the cue governs: at once, or after whom it was told, where and when."""
        for k in range(j, min(j + 14, len(self.words))):
            lower = self._lower(k)
            if lower == "that":
                if k > j and self._lower(k - 1) in _PREPOSITIONS:
                    return None
                return k
            if lower in _AUXILIARIES or lower in (
                "“”",
                ":",
                ";",
                "and",
                "but",
                "who",
                "which",
                "to",
                "what",
                "how",
                "if",
            ):
                if lower == "to" and self._lower(k - 1) not in VERBS:
                    continue
                return None
            if lower == "," and k == j:
                continue
            if lower in VERBS and lower not in NOUNS and k > j:
                return None
        return None

    def _question(self, j: int, frame: Frame) -> int | None:
        for k in range(j, min(j + 8, len(self.words))):
            lower = self._lower(k)
            if lower in ("whether", "if", "why", "how", "what", "who", "which", "where", "when"):
                return k
            if lower in (",", ":", "“”", "to", "for", "about") or lower in _AUXILIARIES:
                return None
        return None

    def _infinitive(self, j: int) -> int | None:
        for k in range(j, min(j + 12, len(self.words))):
            lower = self._lower(k)
            if lower == "to" and k > j:
                return k
            if lower in (",", ":", "“”", ";", "that", "and") or lower in _AUXILIARIES:
                return None
        return None

    def _clause(self, j: int, frame: Frame) -> int | None:
        """Where a clause without "that" begins."""
        k = j
        for _ in range(4):
            step = self._skip_adjunct(k)
            if step == k:
                break
            k = step
        word = self.words[k] if k < len(self.words) else None
        if word is None or not (_is_word(word) or word.text == "“”") or (word.text == "“”" and k == j):
            return None
        if "a" in frame.letters and k == j and word.lower not in ("there",):
            begin = self._after_addressee(k)
            if begin is None:
                return None
            k = begin
            word = self.words[k]
        if word.lower in _PREPOSITIONS and word.lower not in (
            "if",
            "after",
            "despite",
            "since",
            "until",
            "with",
            "under",
            "like",
        ):
            return None
        if frame.takes("o") and not self._finite_after(k):
            return None
        if word.lower in ("to", "and", "or", "but", "so"):
            return None
        return k

    def _after_addressee(self, k: int) -> int | None:
        """After "told reporters", "told the BBC on Friday", "told CNN’s Jake Tapper"."""
        span = self._phrase_after(k) or (
            (self.words[k].start, self.words[k].end)
            if self._lower(k) in _OBJECT_PRONOUNS or self._lower(k).endswith("s")
            else None
        )
        if span is None:
            return None
        n = k
        while n < len(self.words) and self.words[n].start < span[1]:
            n += 1
            # "told reporters he would": the clause begins at a pronoun or determiner
            if (
                n < len(self.words)
                and n > k
                and self._lower(n)
                in (
                    "he",
                    "she",
                    "they",
                    "it",
                    "we",
                    "i",
                    "there",
                    "his",
                    "her",
                    "their",
                    "the",
                    "what",
                    "how",
                    "why",
                )
            ):
                break
        for _ in range(3):
            step = self._skip_adjunct(n)
            if step == n:
                break
            n = step
        if n >= len(self.words) or not _is_word(self.words[n]):
            return None
        if not self._finite_after(n):
            return None
        return n

    def _skip_adjunct(self, k: int) -> int:
        """After "on Friday", "Sunday night", "in an interview with CNN", "last week"."""
        lower = self._lower(k)
        if lower in _DAYS:
            k += 1
            while (
                self._lower(k) in ("night", "morning", "afternoon", "evening", "that")
                and self._lower(k) != "that"
            ):
                k += 1
            return k
        if lower in ("last", "this", "earlier", "late", "early") and self._lower(k + 1) in (
            "week",
            "month",
            "year",
            "night",
            "summer",
            "fall",
            "spring",
            "winter",
            "morning",
            "weekend",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ):
            return k + 2
        if lower in ("on", "in", "during", "at", "of", "after") and self._lower(k + 1):
            n = k + 1
            count = 0
            while n < len(self.words) and count < 8:
                here = self._lower(n)
                if (
                    here in ("he", "she", "they", "it", "there", "we", "i")
                    or here == "that"
                    or here in _AUXILIARIES
                    or here == "“”"
                ):
                    return n if here not in _AUXILIARIES else k
                if here == ",":
                    return k
                n += 1
                count += 1
            return k
        return k

    def _finite_after(self, k: int) -> bool:
        """Whether a finite verb stands not far after word k."""
        for n in range(k, min(k + 14, len(self.words))):
            lower = self._lower(n)
            if lower in _AUXILIARIES and lower not in ("being", "be", "having"):
                return True
            if lower.endswith(
                ("’s", "'s", "’re", "'re", "’ll", "'ll", "’d", "'d", "’ve", "'ve", "’m", "'m")
            ) and re.split("[’']", lower)[0] in _PRONOUNS | {"there", "that"}:
                return True
            if lower.endswith("ed") and len(lower) > 4 and n > k and self._lower(n - 1) not in _DETERMINERS:
                return True
            if n > k and self._lower(n - 1) in ("he", "she", "they", "it", "we", "i", "who"):
                return True
            if lower in (",", ";", ":"):
                return False
        return False

    # -- where it ends

    def _stop(self, begin: int, cue: int) -> int:
        """The end of a clause: that of the sentence, or an aside of the writer's, or the next thing said."""
        words = self.words
        for k in range(begin + 1, len(words)):
            lower = words[k].lower
            if lower == ",":
                after = self._lower(k + 1)
                if after in ("which", "who", "whom", "whose") and not self._comma_closes(k):
                    return words[k].start
                frame = VERBS.get(after)
                if frame and after.endswith("ing") and frame.takes("s"):
                    return words[k].start
                if after == "according":
                    return words[k].start
                if after in ("and", "but", "while", "as", "though", "although") and self._next_said(k + 2):
                    return words[k].start
            elif (
                (lower in ("and", "but", "while") and self._next_said(k + 1))
                or lower == ";"
                or (lower == "according" and self._lower(k + 1) == "to")
            ):
                return words[k].start
        return self._trimmed(len(words))

    def _comma_closes(self, k: int) -> bool:
        """Whether an aside is closed by a comma, so that the clause goes on after it."""
        return any(self._text(n) == "," for n in range(k + 2, len(self.words)))

    def _next_said(self, k: int) -> bool:
        """Whether a new attribution begins here: "and added that", "but Hunt said"."""
        while self._lower(k) in _ADVERBS or self._lower(k).endswith("ly"):
            k += 1
        frame = VERBS.get(self._lower(k))
        if frame and frame.takes("sou") and (self._lower(k).endswith("ed") or self._lower(k) in _PAST):
            return True
        for n in range(k, min(k + 5, len(self.words))):
            frame = VERBS.get(self._lower(n))
            if (
                frame
                and frame.takes("s")
                and n > k
                and (self._lower(n).endswith("ed") or self._lower(n) in _PAST or self._lower(n) in ("says",))
            ):
                return True
            if not _is_word(self.words[n]):
                return False
        return False

    def _stop_object(self, begin: int, cue: int) -> int:
        words = self.words
        for k in range(begin + 1, len(words)):
            lower = words[k].lower
            if lower in (";", ",", "—", "–") or (
                lower
                in (
                    "while",
                    "when",
                    "after",
                    "before",
                    "during",
                    "but",
                    "because",
                    "if",
                    "although",
                    "though",
                    "according",
                )
            ):
                return words[k].start
            if lower in ("on", "in", "at") and (
                self._lower(k + 1) in _DAYS
                or (
                    self._lower(k + 1) in ("an", "his", "her")
                    and self._lower(k + 2) in ("interview", "speech", "statement")
                )
            ):
                return words[k].start
            if lower in ("last", "this") and self._lower(k + 1) in ("week", "month", "year"):
                return words[k].start
            if lower in _DAYS:
                return words[k].start
            if lower == "and" and self._next_said(k + 1):
                return words[k].start
        return self._trimmed(len(words))

    def _trimmed(self, k: int) -> int:
        while k > 0 and not _is_word(self.words[k - 1]) and self.words[k - 1].text != "“”":
            k -= 1
        return self.words[k - 1].end if k else self.end

    # -- nouns and prepositions

    def _noun(self, i: int) -> Found | None:
        if self._lower(i + 1) != "that":
            return None
        follow = self._lower(i + 2)
        if follow in _AUXILIARIES or (follow in VERBS and not follow.endswith("s")):
            return None
        before = self._lower(i - 1)
        speaker: Span | None = None
        how = "noun"
        if before in ("his", "her", "their", "its"):
            speaker = self.words[i - 1].start, self.words[i - 1].end
        elif before.endswith(("’s", "'s", "s’", "s'")):
            speaker = self._phrase_before(i - 1)
        else:
            speaker, how = self._inherited()
        word = self.words[i]
        return Found(
            (word.start, word.end),
            word.lower,
            "noun",
            speaker,
            [(self.words[i + 1].start, self._stop(i + 1, i))],
            how,
        )

    def _according(self, i: int) -> Found | None:
        span = self._phrase_after(i + 2)
        if span is None and i + 2 < len(self.words) and _is_word(self.words[i + 2]):
            last = i + 2
            while (
                last + 1 < len(self.words)
                and _is_word(self.words[last + 1])
                and self._lower(last + 1) not in _PREPOSITIONS | _CONJUNCTIONS
            ):
                last += 1
            span = self.words[i + 2].start, self.words[last].end
        if span is None:
            return None
        edge = next(
            (w.start for w in self.words if w.start >= span[1] and w.text in (",", ";", "—", "“”")), self.end
        )
        return Found(
            (self.words[i].start, self.words[i + 1].end),
            "according to",
            "according",
            span,
            [],
            "subject",
            adjunct=(self.words[i].start, edge),
        )


_PAST = frozenset(
    [
        "said",
        "told",
        "wrote",
        "written",
        "thought",
        "felt",
        "knew",
        "spoke",
        "spoken",
        "swore",
        "found",
        "showed",
        "shown",
        "made",
        "put",
        "held",
        "began",
        "went",
        "shouted",
        "read",
        "heard",
        "saw",
        "seen",
        "laid",
        "shot",
        "fired",
    ]
)
_PRONOUN_IS = frozenset(
    [
        "he's",
        "he’s",
        "she's",
        "she’s",
        "they've",
        "it's",
        "it’s",
        "who's",
        "who’s",
        "that's",
        "that’s",
        "there's",
    ]
)
