"""What a verb of saying leads to, by rules over words: where it begins and where it ends."""

import re

from annotations.suggesting.found import Span
from annotations.suggesting.lexicon import NAMING, NOUNS, SAYERS, VERBS, Frame, inflected
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
    Words,
    is_adverb,
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
_ONLY_VERBS = _set("say argue insist believe think")
MOSTLY_VERBS = _set("says tells adds argues writes insists thinks believes")
_BEGINS_CLAUSE = _set("he she they it we i there his her their the what how why")
_QUESTION_WORDS = _set("whether if why how what who which where when")
_EMBEDDED = _set("how why what whether")
_MAY_BEGIN = _set("if after despite since until with under like")
_ASIDES = _set("which who whom whose")
TURNS = _set("and but while as though although")
_AFTER_SPEECH = _set("in on at during after before as when while and but or to if because")
_BREAKS = _set("when while which because after before where although though")
_ENDS_OBJECT = _set("; , — – while when after before during but because if although though according")
_MEETINGS = _set("interview speech statement")


class Clauses:
    """One sentence whose verbs of saying are asked for what they lead to; a quotation in it is a single word."""

    def __init__(self, words: Words) -> None:
        self.all = words
        self.words = words.words
        self.lower = words.lower

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
        return plain and not lower.endswith("s") and word in MOSTLY_VERBS

    def _ends_as_speech(self, k: int) -> bool:
        inside = self.words[k].last.rstrip("\"'’”“ ")
        return inside.endswith((",", "?", "!", "—", "–")) or self.lower(k + 1) == ","

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
            if is_contracted(lower):
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
        if after == "according" or (after in TURNS and self._says_next(k + 2)):
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


def is_contracted(lower: str) -> bool:
    """ "he’s", "they’ll", "don’t"."""
    if lower.endswith(("n't", "n’t")):
        return True
    found = _CONTRACTED.search(lower)
    return found is not None and lower[: found.start()] in PRONOUNS | {"there", "that"}
