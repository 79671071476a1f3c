"""Attributions read by rules over words alone: no parser, no model, a text in a few milliseconds."""

import re
from collections.abc import Iterator

from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.lexicon import NOUNS, PHRASES, SAYERS, VERBS, Frame
from annotations.suggesting.words import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTED,
    SPANS_OF_TIME,
    Word,
    Words,
    is_adverb,
    tokens,
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOT_BEFORE_VERBS = _set(
    "the a an his her its their our my your this these those no any each every of such other"
)
_WITH_IS = _set("he's he’s she's she’s they've it's it’s who's who’s that's that’s there's")
_CONTRACTED = re.compile(r"[’'](?:s|re|ll|d|ve|m)$")
_BEFORE_BASE = _set("to they we i you who not and people others some many men women officials police most ,")
_SINGULAR = re.compile(r"(?:ss|us|is)$")
_BEFORE_GERUNDS = _set("by in after before without while of")
_BE = _set("is are was were be been being am isn't wasn't")
_MOSTLY_VERBS = _set("says tells adds argues writes insists thinks believes")
_BEGINS_CLAUSE = _set("he she they it we i there his her their the what how why")
_QUESTION_WORDS = _set("whether if why how what who which where when")
_MAY_BEGIN = _set("if after despite since until with under like")
_ASIDES = _set("which who whom whose")
_TURNS = _set("and but while as though although")
_ENDS_OBJECT = _set("; , — – while when after before during but because if although though according")
_APPOSITIONS = _set("who which whose a an the his her one now then former")
_MEETINGS = _set("interview speech statement")


_LONGEST_SENTENCE = 500
"""Words, a quotation being one; what is longer is no prose, and would take its time."""


def read(layout: Layout) -> Iterator[Found]:
    """The attributions of a text, in the order of their cues."""
    for sentence in layout.sentences:
        words: list[Word] = []
        position = sentence.start
        for region in layout.regions_in(sentence.start, sentence.end):
            words += tokens(layout.text, position, region.start)
            words.append(Word(region.start, region.end, QUOTED, QUOTED))
            position = region.end
        words += tokens(layout.text, position, sentence.end)
        if len(words) <= _LONGEST_SENTENCE:
            yield from _Reader(Words(words, sentence.end)).read()


class _Reader:
    """One sentence; a quotation in it is a single word."""

    def __init__(self, words: Words) -> None:
        self.all = words
        self.words = words.words
        self.lower = words.lower
        self.last: Found | None = None

    def read(self) -> Iterator[Found]:
        for i, word in enumerate(self.words):
            found = None
            if word.lower == "according" and self.lower(i + 1) == "to":
                found = self._according(i)
            elif word.lower in VERBS and self._is_verb(i):
                found = self._verb(i)
            if found is None and word.lower in NOUNS:
                found = self._noun(i)
            if found:
                yield found
                self.last = found

    # -- is it a verb?

    def _is_verb(self, i: int) -> bool:
        word = self.words[i]
        before = self.lower(i - 1)
        if (
            word.text[0].isupper()
            and i > 0
            and before not in (QUOTED, ",", ":", ".")
            and not self._is_headline()
        ):
            return False
        if before in _NOT_BEFORE_VERBS or (before.endswith(("’s", "'s")) and before not in _WITH_IS):
            return False
        if word.lower.endswith("ing"):
            return before not in PREPOSITIONS or before in _BEFORE_GERUNDS
        if word.is_past:
            return True
        return self._may_be_base(i) if word.lower == VERBS[word.lower].lemma else self._may_be_third(i)

    def _is_headline(self) -> bool:
        """Whether most words have capitals."""
        words = [word for word in self.words if word.text[0].isalpha() and len(word.text) > 3]
        return len(words) > 2 and sum(word.text[0].isupper() for word in words) >= 0.8 * len(words)

    def _may_be_base(self, i: int) -> bool:
        """Whether a base form has a plural subject, an auxiliary or "to" before it."""
        j = i - 1
        while is_adverb(self.lower(j)):
            j -= 1
        before = self.lower(j)
        if before in _BEFORE_BASE or before in AUXILIARIES:
            return True
        return before.endswith("s") and not _SINGULAR.search(before)

    def _may_be_third(self, i: int) -> bool:
        before = self.all.text(i - 1)
        lower = before.lower()
        if not before or before[0].isupper() or before[0] in ")”" or lower in (QUOTED, ",", "and"):
            return True
        if lower in PRONOUNS or is_adverb(lower) or lower in SAYERS:
            return True
        word = self.lower(i)
        if VERBS[word].takes("s") and self.lower(i + 1) in (
            "that",
            "he",
            "she",
            "they",
            "it",
            "the",
            "there",
        ):
            return True
        plain = before[0].isalpha() and lower not in PREPOSITIONS and lower not in DETERMINERS
        return plain and not lower.endswith("s") and word in _MOSTLY_VERBS

    # -- verbs

    def _verb(self, i: int) -> Found | None:
        frame, after = self._frame(i)
        passive = self._is_passive(i)
        speaker, how = self._speaker(i, after, passive)
        shape, content = self._content(i, after, frame, passive)
        if how == "inverted":
            how = "subject"
            if frame.takes("s"):
                shape, content = "before", [(self.words[0].start, self.words[i].start)]
        elif (
            not shape
            and frame.takes("sme")
            and speaker
            and how == "subject"
            and self._stands_apart(speaker[0])
        ):
            shape, content = "before", [(self.words[0].start, speaker[0])]
            if self._goes_on(i) and not self._has_verb(speaker[0]):
                shape = "around"
        if not content and not (frame.takes("sx") and speaker):
            return None
        cue = self.words[i].start, self.words[after - 1].end
        return Found(cue, frame.lemma, shape, speaker, content, how, says=not frame.takes("me"))

    def _frame(self, i: int) -> tuple[Frame, int]:
        """What the verb may take, and the word after it and its particle."""
        first, second = self.lower(i), self.lower(i + 1)
        if phrase := PHRASES.get((first, second)):
            return phrase, i + 2
        if second == "it" and (phrase := PHRASES.get((first, self.lower(i + 2)))):
            return phrase, i + 3
        return VERBS[first], i + 1

    def _stands_apart(self, start: int) -> bool:
        """Whether a comma comes before an attribution."""
        before = [word for word in self.words if word.end <= start]
        return len(before) > 2 and before[-1].text == ","

    def _goes_on(self, i: int) -> bool:
        """Whether a comma follows the cue, and more."""
        return self.lower(i + 1) == "," and i + 3 < len(self.words)

    def _has_verb(self, place: int) -> bool:
        return any(
            word.lower in AUXILIARIES
            or (word.lower == QUOTED and word.end - word.start > 20)
            or (word.lower.endswith("ed") and len(word.lower) > 4)
            or _is_contracted(word.lower)
            for word in self.words
            if word.end <= place
        )

    def _is_passive(self, i: int) -> bool:
        if not self.words[i].is_past:
            return False
        j = i - 1
        while is_adverb(self.lower(j)):
            j -= 1
        return j < 0 or self.lower(j) in _BE or self.lower(j) in ("when", "if", "as")

    # -- the speaker

    def _speaker(self, i: int, after: int, passive: bool) -> tuple[Span | None, str]:
        if passive:
            span = self.all.phrase_after(after + 1) if self.lower(after) == "by" else None
            return span, "agent" if span else "none"
        j = i - 1
        while j >= 0 and (is_adverb(self.lower(j)) or self.lower(j) in AUXILIARIES):
            j -= 1
        before = self.lower(j)
        is_gerund = self.lower(i).endswith("ing")
        if j < 0:
            return None, "none"
        follows_quotation = before == QUOTED or (before == "," and self.lower(j - 1) == QUOTED)
        if follows_quotation and not is_gerund and (span := self.all.phrase_after(after)):
            return span, "inverted"
        if is_gerund and before not in ("he", "she", "they", "who") and before not in _BE:
            return self._of_gerund(i, j)
        if before in ("and", "but", "or", "then", "to"):
            return self._inherited()
        if before == ",":
            if span := self._before_commas(j):
                return span, "subject"
            if j == i - 1 and not is_gerund and (span := self.all.phrase_after(after)):
                return span, "inverted"
            return self._inherited()
        if before in ("who", "which", "that"):
            return (self.words[j].start, self.words[j].end), "relative"
        return self._subject(j)

    def _subject(self, j: int) -> tuple[Span | None, str]:
        """The noun phrase that ends with word j; or, in "the leak from the Council suggested", the one it hangs on."""
        span = self.all.phrase_before(j)
        if span is None:
            return self._inherited()
        before = next((word for word in reversed(self.words) if word.end <= span[0]), None)
        if (
            before
            and before.lower in ("from", "in", "at", "on", "by", "against", "with")
            and self.words[0].text[0].isupper()
        ):
            first = self.all.phrase_after(0)
            if (
                first
                and first[1] < before.start
                and not any(w.text == "," for w in self.words if w.start < before.start)
            ):
                return first, "subject"
        return span, "subject"

    def _of_gerund(self, i: int, j: int) -> tuple[Span | None, str]:
        """ "a letter warning that …", "Hunt is saying that …", "…, adding that …"."""
        if self.lower(i - 1) in SAYERS and (span := self.all.phrase_before(j)):
            return span, "noun"
        if self.lower(i - 1) not in ("is", "was", "are", "were", "been", "be"):
            return self._inherited()
        span = self.all.phrase_before(j)
        return (span, "subject") if span else self._inherited()

    def _inherited(self) -> tuple[Span | None, str]:
        if self.last and self.last.speaker:
            return self.last.speaker, "inherited"
        span = self.all.first_phrase()
        return span, "inherited" if span else "none"

    def _before_commas(self, comma: int) -> Span | None:
        """The noun phrase before "…, the minister, said": what stands before the first comma of the aside."""
        for k in range(comma - 1, max(0, comma - 31), -1):
            if self.lower(k) != ",":
                continue
            inside = [word.lower for word in self.words[k + 1 : comma]]
            if not inside:
                continue
            is_aside = inside[0] in _APPOSITIONS or inside[0].isdigit()
            if (is_aside or not AUXILIARIES & set(inside)) and (span := self.all.phrase_before(k - 1)):
                return span
        return None

    # -- what was said

    def _content(self, i: int, after: int, frame: Frame, passive: bool) -> tuple[str, list[Span]]:
        j = after
        while self.lower(j) in ADVERBS or (self.lower(j).endswith("ly") and j - after < 2):
            j += 1
        if self.lower(j) in ("", ".", "!", "?", ";") or (passive and not frame.takes("w")):
            return "", []
        if frame.takes("smwe") and (that := self._that(j)) is not None:
            return "that", self._clause_from(that)
        if frame.takes("w") and (question := self._question(j)) is not None:
            return "question", self._clause_from(question)
        if passive:
            return "", []
        return self._bare_content(j, frame)

    def _bare_content(self, j: int, frame: Frame) -> tuple[str, list[Span]]:
        """Content that neither "that" nor a question word begins."""
        following = self.lower(j)
        if (frame.takes("t") and following == "to") or (following == "not" and self.lower(j + 1) == "to"):
            return "to", self._clause_from(j)
        if frame.takes("u") and (to := self._infinitive(j)) is not None:
            return "to", [(self.words[j].start, self._stop(to))]
        begin = self._clause(j, frame) if frame.takes("sme") else None
        if begin is not None and (frame.lemma == "say" or self._is_finite(begin)):
            return "clause", self._clause_from(begin)
        plain = following not in (",", ":", QUOTED) and following not in CONJUNCTIONS | PREPOSITIONS
        if frame.takes("o") and plain:
            return "object", [(self.words[j].start, self._stop_object(j))]
        if following in frame.prepositions and j + 1 < len(self.words):
            return "about", [(self.words[j + 1].start, self._stop_object(j + 1))]
        return "", []

    def _clause_from(self, k: int) -> list[Span]:
        return [(self.words[k].start, self._stop(k))]

    def _that(self, j: int) -> int | None:
        """A "that" that the cue governs: at once, or after whom it was told, where and when."""
        for k in range(j, min(j + 14, len(self.words))):
            lower = self.lower(k)
            if lower == "that":
                return None if k > j and self.lower(k - 1) in PREPOSITIONS else k
            if lower == "to" and self.lower(k - 1) not in VERBS:
                continue
            if lower in AUXILIARIES or lower in (
                QUOTED,
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
                return None
            if lower in VERBS and lower not in NOUNS and k > j:
                return None
        return None

    def _question(self, j: int) -> int | None:
        for k in range(j, min(j + 8, len(self.words))):
            lower = self.lower(k)
            if lower in _QUESTION_WORDS:
                return k
            if lower in (",", ":", QUOTED, "to", "for", "about") or lower in AUXILIARIES:
                return None
        return None

    def _infinitive(self, j: int) -> int | None:
        for k in range(j, min(j + 12, len(self.words))):
            lower = self.lower(k)
            if lower == "to" and k > j:
                return k
            if lower in (",", ":", QUOTED, ";", "that", "and") or lower in AUXILIARIES:
                return None
        return None

    def _clause(self, j: int, frame: Frame) -> int | None:
        """Where a clause without "that" begins."""
        k = self._after_adjuncts(j)
        if k >= len(self.words) or (self.lower(k) == QUOTED and k == j):
            return None
        if frame.takes("a") and k == j and self.lower(k) != "there":
            begin = self._after_addressee(k)
            if begin is None:
                return None
            k = begin
        word = self.words[k]
        if not (word.is_word or word.lower == QUOTED) or word.lower in ("to", "and", "or", "but", "so"):
            return None
        if word.lower in PREPOSITIONS and word.lower not in _MAY_BEGIN:
            return None
        return k

    def _after_addressee(self, k: int) -> int | None:
        """After "told reporters", "told the BBC on Friday", "told CNN’s Jake Tapper"."""
        span = self.all.phrase_after(k)
        if span is None and self.lower(k) in OBJECT_PRONOUNS:
            span = self.words[k].start, self.words[k].end
        if span is None:
            return None
        n = k
        while n < len(self.words) and self.words[n].start < span[1]:
            n += 1
            if self.lower(n) in _BEGINS_CLAUSE:
                break
        n = self._after_adjuncts(n)
        return n if n < len(self.words) and self.words[n].is_word and self._is_finite(n) else None

    def _after_adjuncts(self, k: int) -> int:
        """After "on Friday", "Sunday night", "in an interview with CNN", "last week"."""
        for _ in range(4):
            after = self._after_adjunct(k)
            if after == k:
                break
            k = after
        return k

    def _after_adjunct(self, k: int) -> int:
        lower = self.lower(k)
        if lower in DAYS:
            k += 1
            while self.lower(k) in ("night", "morning", "afternoon", "evening"):
                k += 1
            return k
        if lower in ("last", "this", "earlier", "late", "early") and self.lower(k + 1) in SPANS_OF_TIME:
            return k + 2
        if lower not in ("on", "in", "during", "at", "of", "after"):
            return k
        for n in range(k + 1, min(k + 9, len(self.words))):
            here = self.lower(n)
            if here in ("he", "she", "they", "it", "there", "we", "i", "that", QUOTED):
                return n
            if here in AUXILIARIES or here == ",":
                return k
        return k

    def _is_finite(self, k: int) -> bool:
        """Whether a finite verb stands not far after word k."""
        for n in range(k, min(k + 14, len(self.words))):
            lower = self.lower(n)
            if lower in AUXILIARIES and lower not in ("being", "be", "having"):
                return True
            if _is_contracted(lower):
                return True
            if n > k and lower.endswith("ed") and len(lower) > 4 and self.lower(n - 1) not in DETERMINERS:
                return True
            if n > k and self.lower(n - 1) in ("he", "she", "they", "it", "we", "i", "who"):
                return True
            if lower in (",", ";", ":"):
                return False
        return False

    # -- where it ends

    def _stop(self, begin: int) -> int:
        """The end of a clause: that of the sentence, or an aside of the writer's, or the next thing said."""
        for k in range(begin + 1, len(self.words)):
            lower = self.lower(k)
            ends = lower == ";" or (lower == "according" and self.lower(k + 1) == "to")
            if ends or (lower in ("and", "but", "while") and self._says_next(k + 1)):
                return self.words[k].start
            if lower == "," and self._ends_at_comma(k):
                return self.words[k].start
        return self._trimmed()

    def _ends_at_comma(self, k: int) -> bool:
        after = self.lower(k + 1)
        if after in _ASIDES:
            return not any(word.text == "," for word in self.words[k + 2 :])
        frame = VERBS.get(after)
        if frame and after.endswith("ing") and frame.takes("s"):
            return True
        return after == "according" or (after in _TURNS and self._says_next(k + 2))

    def _says_next(self, k: int) -> bool:
        """Whether a new attribution begins here: "and added that", "but Hunt said"."""
        while is_adverb(self.lower(k)):
            k += 1
        frame = VERBS.get(self.lower(k))
        if frame and frame.takes("sou") and self.words[k].is_past:
            return True
        for n in range(k, min(k + 5, len(self.words))):
            frame = VERBS.get(self.lower(n))
            if n > k and frame and frame.takes("s") and (self.words[n].is_past or self.lower(n) == "says"):
                return True
            if not self.words[n].is_word:
                return False
        return False

    def _stop_object(self, begin: int) -> int:
        for k in range(begin + 1, len(self.words)):
            lower, after = self.lower(k), self.lower(k + 1)
            is_meeting = after in ("an", "his", "her") and self.lower(k + 2) in _MEETINGS
            if (
                lower in _ENDS_OBJECT
                or lower in DAYS
                or (lower in ("on", "in", "at") and (after in DAYS or is_meeting))
                or (lower in ("last", "this") and after in ("week", "month", "year"))
                or (lower == "and" and self._says_next(k + 1))
            ):
                return self.words[k].start
        return self._trimmed()

    def _trimmed(self) -> int:
        """The end of the sentence without its last marks."""
        k = len(self.words)
        while k > 0 and not self.words[k - 1].is_word and self.words[k - 1].lower != QUOTED:
            k -= 1
        return self.words[k - 1].end if k else self.all.end

    # -- nouns and prepositions

    def _noun(self, i: int) -> Found | None:
        """ "his claim that …", "the minister’s warning that …"."""
        if self.lower(i + 1) != "that":
            return None
        following = self.lower(i + 2)
        if following in AUXILIARIES or (following in VERBS and not following.endswith("s")):
            return None
        before = self.lower(i - 1)
        speaker: Span | None
        speaker, how = self._inherited()
        if before in ("his", "her", "their", "its"):
            speaker, how = (self.words[i - 1].start, self.words[i - 1].end), "noun"
        elif before.endswith(("’s", "'s", "s’", "s'")):
            speaker, how = self.all.phrase_before(i - 1), "noun"
        word = self.words[i]
        return Found((word.start, word.end), word.lower, "noun", speaker, self._clause_from(i + 1), how)

    def _according(self, i: int) -> Found | None:
        span = self.all.phrase_after(i + 2) or self._run_of_words(i + 2)
        if span is None:
            return None
        marks = (",", ";", "—", QUOTED)
        edge = next((w.start for w in self.words if w.start >= span[1] and w.text in marks), self.all.end)
        cue = self.words[i].start, self.words[i + 1].end
        adjunct = self.words[i].start, edge
        return Found(cue, "according to", "according", span, [], "subject", adjunct=adjunct)

    def _run_of_words(self, i: int) -> Span | None:
        if i >= len(self.words) or not self.words[i].is_word:
            return None
        last = i
        while last + 1 < len(self.words) and self.words[last + 1].is_word:
            if self.lower(last + 1) in PREPOSITIONS | CONJUNCTIONS:
                break
            last += 1
        return self.words[i].start, self.words[last].end


def _is_contracted(lower: str) -> bool:
    """ "he’s", "they’ll", "don’t"."""
    if lower.endswith(("n't", "n’t")):
        return True
    found = _CONTRACTED.search(lower)
    return found is not None and lower[: found.start()] in PRONOUNS | {"there", "that"}
