"""Attributions read by rules over words alone: no parser, no model, a text in a few milliseconds."""

from collections.abc import Iterator

from annotations.suggesting.clauses import MOSTLY_VERBS, TURNS, Clauses, is_contracted
from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.lexicon import NOUNS, NOUNS_TO, PHRASES, SAYERS, VERBS, Frame
from annotations.suggesting.words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    QUOTED,
    Word,
    Words,
    is_adverb,
    tokens,
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BE = _set("is are was were be been being am isn't wasn't")
_SUBORDINATORS = _set("if when because although though unless once until since while whereas given")
_APPOSITIONS = _set("who which whose a an the his her one now then former")
_LONGEST_SENTENCE = 500
"""Words, a quotation being one; what is longer is no prose, and would take its time."""


def read(layout: Layout) -> Iterator[Found]:
    """The attributions of a text, in the order of their cues."""
    for sentence in layout.sentences:
        words: list[Word] = []
        position = sentence.start
        for region in layout.regions_in(sentence.start, sentence.end):
            words += tokens(layout.text, position, region.start)
            last = layout.text[max(region.start, region.end - 4) : region.end]
            words.append(Word(region.start, region.end, QUOTED, QUOTED, last))
            position = region.end
        words += tokens(layout.text, position, sentence.end)
        if len(words) <= _LONGEST_SENTENCE:
            yield from _Reader(Words(words, sentence.end)).read()


class _Reader(Clauses):
    """Reads the attributions of one sentence: cues, speakers, and what the clauses give."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
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
        return self._is_verb(i) or (word.lower in MOSTLY_VERBS and self._beside_quotation(i) is not None)

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
            following.endswith("ing") or following in TURNS or following in ("or", "who", "which", "so")
        )

    def _has_verb(self, place: int) -> bool:
        return any(
            word.lower in AUXILIARIES
            or (word.lower == QUOTED and word.end - word.start > 20)
            or (word.lower.endswith("ed") and len(word.lower) > 4)
            or is_contracted(word.lower)
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
