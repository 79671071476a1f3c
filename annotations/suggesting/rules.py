"""Attributions read by rules over words alone: no parser, no model, a text in a few milliseconds."""

import re
from collections.abc import Iterator

from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.lexicon import NAMING, NOUNS, NOUNS_TO, PHRASES, SAYERS, VERBS, Frame, inflected
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
_ONLY_VERBS = _set("say argue insist believe think")
_MOSTLY_VERBS = _set("says tells adds argues writes insists thinks believes")
_BEGINS_CLAUSE = _set("he she they it we i there his her their the what how why")
_QUESTION_WORDS = _set("whether if why how what who which where when")
_EMBEDDED = _set("how why what whether")
_MAY_BEGIN = _set("if after despite since until with under like")
_ASIDES = _set("which who whom whose")
_TURNS = _set("and but while as though although")
_AFTER_SPEECH = _set("in on at during after before as when while and but or to if because")
_SUBORDINATORS = _set("if when because although though unless once until since while whereas given")
_BREAKS = _set("when while which because after before where although though")
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
            words.append(
                Word(region.start, region.end, QUOTED, QUOTED, layout.text[region.end - 4 : region.end])
            )
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
            elif self._is_cue(i):
                found = self._verb(i)
            elif self._is_verb_of_parenthesis(i):
                found = self._unknown(i)
            if found is None and word.lower in NOUNS | NOUNS_TO:
                found = self._noun(i)
            if found:
                yield found
                self.last = found

    # -- is it a verb?

    def _is_cue(self, i: int) -> bool:
        word = self.words[i]
        if word.lower not in VERBS:
            return word.is_past and (word.lower, self.lower(i + 1)) in PHRASES and self._is_verb(i)
        return self._is_verb(i) or (word.lower in _MOSTLY_VERBS and self._beside_quotation(i) is not None)

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
        if self.lower(i) in _ONLY_VERBS and before not in PREPOSITIONS:
            return True
        if before in _BEFORE_BASE or before in AUXILIARIES:
            return True
        return before.endswith("s") and not _SINGULAR.search(before)

    def _may_be_third(self, i: int) -> bool:
        before = self.all.text(i - 1)
        lower = before.lower()
        if not before or before[0].isupper() or before[0] in ")”" or lower in (QUOTED, ",", "and"):
            return True
        if lower in PRONOUNS or is_adverb(lower) or lower in SAYERS or lower in ("who", "which"):
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
        if self.lower(0) in (*_SUBORDINATORS, "asked") and not any(
            word.text == "," for word in self.words[:i]
        ):
            content = [self._within_subordinate(span) for span in content]
        if how == "relative" and self.lower(i - 2) == ",":
            content = [self._within_aside(i, span) for span in content]
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
            if self._goes_on(i) and (self._is_parenthesis(i) or not self._has_verb(speaker[0])):
                shape = "around"
        if not content and not (frame.takes("sx") and speaker):
            return None
        cue = self.words[i].start, self.words[after - 1].end
        is_plain = shape == "around" or self._beside_quotation(i) is not None
        return Found(
            cue, frame.lemma, shape, speaker, content, how, says=not frame.takes("me"), is_plain=is_plain
        )

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
        return len(before) > 1 and before[-1].text == ","

    def _goes_on(self, i: int) -> bool:
        """Whether a comma follows the cue, and more."""
        return self.lower(i + 1) == "," and i + 3 < len(self.words)

    def _is_parenthesis(self, i: int) -> bool:
        """Whether the clause goes on after it: "It is, they say, a start"; but not "…, they say, adding"."""
        following = self.lower(i + 2)
        if self.lower(0) in _SUBORDINATORS:
            return True
        return not (
            following.endswith("ing") or following in _TURNS or following in ("or", "who", "which", "so")
        )

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

    def _is_verb_of_parenthesis(self, i: int) -> bool:
        """Whether a verb that isn't in the lexicon ends an attribution beside speech: "“Never,” the clerk snorted."."""
        if not self.words[i].is_past or self.lower(i + 1) not in (".", ",", QUOTED, ""):
            return False
        return self.words[i].text.islower() and self._beside_quotation(i) is not None

    def _unknown(self, i: int) -> Found:
        word = self.words[i]
        return Found((word.start, word.end), word.lower, "", self._beside_quotation(i), [], is_plain=True)

    # -- the speaker

    def _speaker(self, i: int, after: int, passive: bool) -> tuple[Span | None, str]:
        if span := self._beside_quotation(i):
            return span, "subject"
        if passive:
            span = self.all.phrase_after(after + 1) if self.lower(after) == "by" else None
            return span, "agent" if span else "none"
        j = i - 1
        while j >= 0 and (is_adverb(self.lower(j)) or self.lower(j) in AUXILIARIES):
            j -= 1
        if self.lower(j) == ")":
            opening = next((k for k in range(j - 1, max(0, j - 8), -1) if self.lower(k) == "("), j + 1)
            j = opening - 1
        before = self.lower(j)
        is_gerund = self.lower(i).endswith("ing")
        if j < 0:
            return None, "none"
        follows_quotation = before == QUOTED or (before == "," and self.lower(j - 1) == QUOTED)
        if (
            follows_quotation
            and not is_gerund
            and self.lower(after) != "that"
            and (span := self.all.phrase_after(after))
        ):
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

    def _beside_quotation(self, i: int) -> Span | None:
        """The subject between a quotation and its verb, with whatever hangs on it.

        "“…,” a voice in the ad says", "“…,” Jane Field, who led the inquiry, said".
        """
        first = i - 1
        while first > max(0, i - 20) and self.words[first].lower != QUOTED:
            first -= 1
        if not (first >= 0 and self.words[first].lower == QUOTED and self._is_speech(first)):
            return None
        first += 2 if self.lower(first + 1) == "," else 1
        between = self._without_brackets(first, i)
        verbs = [word for word in between if word.lower in VERBS and word.lower not in NOUNS | SAYERS]
        if not between or any(word.text in ";:()" for word in between) or (verbs and first + 1 < i):
            return None
        span = self.all.phrase_after(first)
        if span:
            span = span[0], min(span[1], self.words[i - 1].end)
        rest = [word for word in between if span and word.start >= span[1]]
        if not rest or all(is_adverb(word.lower) or word.lower in AUXILIARIES for word in rest):
            return span
        begins = rest[0].lower
        commas = sum(word.text == "," for word in rest)
        is_aside = begins == "," and (
            commas == 2 or (commas == 1 and rest[1:] and rest[1].lower in _APPOSITIONS)
        )
        return span if is_aside or (begins in PREPOSITIONS and not commas) else None

    def _without_brackets(self, first: int, end: int) -> list[Word]:
        """Words without what stands in brackets: "Jane Field (Green) said"."""
        kept: list[Word] = []
        is_inside = False
        for word in self.words[first:end]:
            is_inside = is_inside or word.text == "("
            if not is_inside:
                kept.append(word)
            is_inside = is_inside and word.text != ")"
        return kept

    def _is_speech(self, k: int) -> bool:
        """Whether a quotation at the head of its sentence ends as speech does before its attribution."""
        return self._ends_as_speech(k) and (k == 0 or self.lower(k - 1) in ("and", "but", ","))

    def _ends_as_speech(self, k: int) -> bool:
        inside = self.words[k].last.rstrip("\"'’”“ ")
        return inside.endswith((",", "?", "!", "—", "–")) or self.lower(k + 1) == ","

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
        while self.lower(j) in ADVERBS - {"there"} or (self.lower(j).endswith("ly") and j - after < 2):
            j += 1
        if self.lower(j) in ("", ".", "!", "?", ";") or (passive and not frame.takes("w")):
            return "", []
        if frame.takes("smwe") and (that := self._that(j, frame)) is not None:
            return "that", self._clause_from(that)
        if frame.takes("w") and (question := self._question(j)) is not None:
            return "question", self._clause_from(question)
        if passive:
            return "", []
        question = self._question(j) if frame.takes("a") else None
        if question is not None and question > j and self.lower(question) in _EMBEDDED:
            return "question", self._clause_from(question)
        return self._bare_content(j, frame)

    def _bare_content(self, j: int, frame: Frame) -> tuple[str, list[Span]]:
        """Content that neither "that" nor a question word begins."""
        following = self.lower(j)
        if (frame.takes("t") and following == "to") or (following == "not" and self.lower(j + 1) == "to"):
            return "to", self._clause_from(j)
        if frame.takes("u") and (to := self._infinitive(j)) is not None:
            return "to", [(self.words[j].start, self._stop(to))]
        if frame.lemma in NAMING and (name := self._name_given(j)):
            return "naming", [name]
        if frame.takes("sme") and (frame.lemma != "ask") and self._goes_on_after_quotation(j):
            return "clause", self._clause_from(j)
        begin = self._clause(j, frame) if frame.takes("sme") else None
        if begin is not None and (frame.lemma == "say" or self._is_finite(begin)):
            return "clause", self._clause_from(begin)
        plain = following not in (",", ":", QUOTED) and following not in CONJUNCTIONS | PREPOSITIONS
        if frame.takes("o") and plain and self._after_adjunct(j) == j:
            return "object", [(self.words[j].start, self._stop_object(j))]
        if following in frame.prepositions and j + 1 < len(self.words):
            return "about", [(self.words[j + 1].start, self._stop_object(j + 1))]
        return "", []

    def _goes_on_after_quotation(self, j: int) -> bool:
        """Whether the clause begins in quotation marks and goes on without them: "said “zero” voters would come"."""
        if self.lower(j) == "," and self.lower(j + 1) == QUOTED:
            j += 1
        after = self.words[j + 1] if j + 1 < len(self.words) else None
        if self.lower(j) != QUOTED or after is None or not after.text.islower():
            return False
        closed = re.search(r"[.,;:?!…][\"'’”]*$", self.words[j].last)
        return not closed and after.lower not in _AFTER_SPEECH

    def _name_given(self, j: int) -> Span | None:
        """What is called something in quotation marks, with these: "called the plan “a disgrace”"."""
        named = None
        for k in range(j + 1, min(j + 24, len(self.words))):
            lower = self.lower(k)
            if lower == QUOTED:
                named = k
            elif (
                not self.words[k].is_word
                or (lower in VERBS and self._is_verb(k))
                or (named and lower not in ("and", "a", "an"))
            ):
                break
        if named and self.lower(named + 1) in ("for", "of", "to", "that", "because"):
            return self.words[j].start, self._stop_object(named + 1)
        return (self.words[j].start, self.words[named].end) if named else None

    def _clause_from(self, k: int) -> list[Span]:
        return [(self.words[k].start, self._stop(k))]

    def _that(self, j: int, frame: Frame) -> int | None:
        """A "that" that the cue governs: at once, or after whom it was told, where and when."""
        first = self.lower(j)
        if first == "," and self.lower(j + 1) == "that":
            return None
        if not frame.takes("aeu") and not (
            first in ("that", ",")
            or first in PREPOSITIONS
            or first in DAYS
            or is_adverb(first)
            or self._after_adjunct(j) > j
        ):
            return None
        for k in range(j, min(j + 14, len(self.words))):
            lower = self.lower(k)
            if lower == "that":
                return None if k > j and self._is_relative(k) else k
            if lower == "," and self.lower(k + 1).endswith("ing"):
                return None
            if lower == "to" and (k == j or self.lower(k - 1) not in VERBS):
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

    def _is_relative(self, k: int) -> bool:
        """Whether a "that" stands for the noun before it: "a phrase that could have come from him"."""
        following = self.lower(k + 1)
        if self.lower(k - 1) in PREPOSITIONS:
            return True
        return following in AUXILIARIES and self.lower(k - 1) not in ADVERBS | DAYS

    def _question(self, j: int) -> int | None:
        for k in range(j, min(j + 12, len(self.words))):
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
            if lower in (",", ";", ":") or (n > k and lower in _BREAKS):
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
            if lower == QUOTED and self._ends_as_speech(k) and self._ends_at_comma(k):
                return self.words[k].end
        return self._trimmed()

    def _within_subordinate(self, span: Span) -> Span:
        """What is said in "While critics say that …, the mayor has …": up to where the main clause begins."""
        is_question = "asked" in (self.lower(0), self.lower(1))
        for k, word in enumerate(self.words[:-2]):
            after = self.words[k + 1]
            begins = after.text[:1].isupper() or after.lower in PRONOUNS or after.lower in DETERMINERS
            if (
                span[0] < word.start < span[1]
                and word.text == ","
                and begins
                and (is_question or self._is_finite(k + 1))
            ):
                return span[0], word.start
        return span

    def _within_aside(self, i: int, span: Span) -> Span:
        """What is said within ", who said …,": up to the comma after which the sentence goes on with its verb."""
        for k in range(i + 3, len(self.words) - 1):
            word = self.words[k]
            if word.text == "," and span[0] < word.start < span[1]:
                n = k + 1
                while is_adverb(self.lower(n)):
                    n += 1
                if self.lower(n) in AUXILIARIES or (n < len(self.words) and self.words[n].is_past):
                    return span[0], word.start
        return span

    def _ends_at_comma(self, k: int) -> bool:
        after = self.lower(k + 1)
        if after in _ASIDES:
            return not any(word.text == "," for word in self.words[k + 2 :])
        frame = VERBS.get(after)
        if frame and after.endswith("ing") and (frame.takes("so") or frame.lemma in NAMING):
            return True
        if after == "according" or (after in _TURNS and self._says_next(k + 2)):
            return True
        return self._says_more(k + 1)

    def _says_more(self, k: int) -> bool:
        """Whether a subject, a verb of saying and more of a clause begin here: "…, he said there is no precedent"."""
        for n in range(k + 1, min(k + 5, len(self.words))):
            frame = VERBS.get(self.lower(n))
            if frame and frame.lemma in ("say", "add", "argue", "note", "warn", "insist", "claim", "tell"):
                goes_on = n + 1 < len(self.words) and self.words[n + 1].is_word
                return goes_on and (self.words[n].is_past or self.lower(n).endswith("s"))
            if not self.words[n - 1].is_word or self.lower(n - 1) in AUXILIARIES:
                return False
        return False

    def _says_next(self, k: int) -> bool:
        """Whether a new attribution begins here: "and added that", "but Hunt said"."""
        while is_adverb(self.lower(k)):
            k += 1
        frame = VERBS.get(self.lower(k))
        is_third = (
            frame is not None and self.lower(k) == inflected(frame.lemma)[1] and self.lower(k) not in NOUNS
        )
        is_gerund = frame is not None and frame.takes("s") and self.lower(k).endswith("ing")
        if frame and frame.takes("sou") and (is_third or is_gerund or self.words[k].is_past):
            return True
        for n in range(k, min(k + 5, len(self.words))):
            frame = VERBS.get(self.lower(n))
            if (
                n > k
                and frame
                and frame.takes("s")
                and (self.words[n].is_past or self.lower(n) in ("say", "says"))
                and self.lower(n - 1) != "to"
            ):
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
        """ "his claim that …", "the minister’s warning that …", "her recent call to wait"."""
        speaker, how = self._holder(i)
        word, following = self.words[i], self.lower(i + 2)
        cue = word.start, word.end
        if self.lower(i + 1) == "to" and word.lower in NOUNS_TO and how == "noun":
            return Found(cue, word.lower, "to", speaker, self._clause_from(i + 1), how)
        is_relative = following in AUXILIARIES or (following in VERBS and not following.endswith("s"))
        if self.lower(i + 1) != "that" or is_relative:
            return None
        return Found(cue, word.lower, "noun", speaker, self._clause_from(i + 1), how)

    def _holder(self, i: int) -> tuple[Span | None, str]:
        """Whose claim it is: a possessive before the noun, with at most two words between them."""
        for k in range(i - 1, max(-1, i - 4), -1):
            before = self.lower(k)
            if before in ("his", "her", "their", "its"):
                return (self.words[k].start, self.words[k].end), "noun"
            if before.endswith(("’s", "'s", "s’", "s'")):
                return self.all.phrase_before(k), "noun"
            if not self.words[k].is_word or before in PREPOSITIONS or before in DETERMINERS:
                break
        return self._inherited()

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
