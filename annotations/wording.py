"""A text in tokens and sentences, and what its words tell: who speaks, whether they deny, what says little.

Tokens are compared by their `forms`, in which quotation marks, dashes and the like are folded, or by their
`keys`, in small letters besides. Offsets are code points, end exclusive; a token is meant by its number.
"""

from bisect import bisect_left, bisect_right

from articles.text import paragraphs, quotations, sentences
from articles.typography import MARK, folded, tokens

LIGHT = frozenset([",", ".", ";", ":", "-"])
"""Punctuation that may differ in words that are the same."""


def is_word(key: str) -> bool:
    return key[0].isalnum() or key[-1].isalnum()


def weight(key: str) -> float:
    """How much a token tells about which sentence it stands in."""
    return 0.0 if not is_word(key) else 0.2 if key in LITTLE else 1.0


# -- kinds of words ----------------------------------------------------------------------------------------


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LITTLE = _set(
    """a an the and or but nor so yet if as at by for from in into of off on onto out over per than that to
    up upon via with about after against before between during since through under until while within without
    near across outside this these those there here it its he him his she her hers they them their theirs we
    us our ours you your i me my mine who whom whose which what when where why how be am is are was were been
    being do does did done have has had having will would can could shall should may might must not no never
    also too very more most some any all both each other such then now just only even still again already
    however meanwhile although though because according said says say 's yes well mr mrs ms mx dr sir lord
    lady dame"""
)
"""Words that say little about which sentence it is."""

_OF_OTHERS = _set(
    """tell tells told telling urge urges urged urging accuse accuses accused accusing praise praises praised
    condemn condemns condemned back backs backed call calls called support supports supported oppose opposes
    opposed"""
)
CUES = _OF_OTHERS | _set(
    """said says say saying ask asks asked asking add adds added adding claim claims claimed claiming insist
    insists insisted insisting argue argues argued arguing warn warns warned warning state states stated
    stating announce announces announced announcing declare declares declared declaring deny denies denied
    denying admit admits admitted admitting confirm confirms confirmed confirming concede concedes conceded
    suggest suggests suggested suggesting predict predicts predicted believe believes believed think thinks
    thought reply replies replied respond responds responded write writes wrote explain explains explained
    demand demands demanded promise promises promised promising pledge pledges pledged vow vows vowed reject
    rejects rejected rejecting dismiss dismisses dismissed dismissing refuse refuses refused refusing note
    notes noted stress stresses stressed emphasise emphasised emphasize emphasized acknowledge acknowledges
    acknowledged agree agrees agreed disagree disagrees disagreed complain complains complained joke joked
    quip quipped tweet tweets tweeted recall recalls recalled reveal reveals revealed report reports reported
    reiterate reiterates reiterated maintain maintains maintained contend contends contended assert asserts
    asserted allege alleges alleged allegedly reportedly apparently hint hints hinted doubt doubts doubted
    according quoted quoting"""
)
"""What attributes words to somebody, or takes their truth back. After those in `_OF_OTHERS` stands whom they
are about, not who speaks."""

REVERSES = _set(
    """not no never nor neither none nobody nothing without hardly barely scarcely cannot unless if whether
    would could should might may must will shall can fail fails failed"""
)
"""What turns a sentence into its opposite, or makes it less or more than true."""

PRONOUNS = _set("he she they")
WHOSE = _set("his her")
"""Before "mother" or "lawyer" these say who speaks."""
CALENDAR = _set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december jan feb mar apr jun jul aug sep sept oct nov dec today
    yesterday tomorrow last next this earlier later early late"""
)
_MONTHS_AND_NAMES = _set("march april may june august")
_DETERMINERS = _set("a an the his her their its one another this that some many several")
_BEFORE_PLACES = _set("in at near across outside from")


def reverses(key: str) -> bool:
    return key in REVERSES or key.endswith("n't")


class Text:
    """A text cut into tokens and sentences."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.forms: list[str] = []
        for start, end, form in tokens(text):
            self.starts.append(start)
            self.ends.append(end)
            self.forms.append(form)
        self.keys = [form.lower() for form in self.forms]
        self.is_word = [is_word(key) for key in self.keys]
        # The first token of each sentence, and one past the last token.
        self.first = [bisect_left(self.starts, sentence.start) for sentence in sentences(text)] or [0]
        self.first[0] = 0
        self.first.append(len(self.starts))
        self.count = len(self.first) - 1
        self.quoted = [span for p in paragraphs(text) for span in quotations(text, p.start, p.end)]
        self.pronouns = [token for token, key in enumerate(self.keys) if key in PRONOUNS]
        # The last token of every name, in all and by sentence: see `find_heads`.
        self.heads: list[int] = []
        self.heads_of: list[list[int]] = [[] for _ in range(self.count)]

    def sentence(self, token: int) -> int:
        """The number of the token's sentence."""
        return min(bisect_right(self.first, token), self.count) - 1

    def key_of(self, sentence: int) -> str:
        """What makes two sentences the same."""
        return "\n".join(self.keys[self.first[sentence] : self.first[sentence + 1]])

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The first token that text[start:end] touches, and one past the last."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def words(self, start: int, end: int) -> list[tuple[str, int]]:
        """What text[start:end] says: forms without light punctuation, each with its token.

        A token that the span cuts is cut. The mark is left out with which a quotation that goes on in the
        next paragraph begins it.
        """
        first, last = self.tokens(start, end)
        found = []
        for token in range(first, last):
            form = self.forms[token]
            if self.starts[token] < start or self.ends[token] > end:
                form = folded(self.text[max(start, self.starts[token]) : min(end, self.ends[token])])
            goes_on = form == MARK and token > first and self._begins_paragraph(token)
            if form not in LIGHT and not goes_on:
                found.append((form, token))
        return found

    def is_quoted(self, token: int) -> bool:
        position = self.starts[token]
        after = bisect_right(self.quoted, (position, len(self.text)))
        return after > 0 and position < self.quoted[after - 1][1]

    def begins(self, token: int) -> bool:
        """Whether the token begins a sentence, or one within quotation marks."""
        before = token - 1
        while before >= 0 and self.keys[before] in (MARK, "(", "["):
            before -= 1
        if before != token - 1 or before < 0 or self.forms[before] in (".", "?", "!", "…", ":"):
            return True
        return self.first[self.sentence(token)] == token

    def _begins_paragraph(self, token: int) -> bool:
        return token > 0 and "\n" in self.text[self.ends[token - 1] : self.starts[token]]

    # -- names

    def find_heads(self, lower: frozenset[str]) -> None:
        """Note the last token of every name, which is the surname of a person.

        A capital at the start of a sentence may be no name at all: it is none where the word stands in small
        letters elsewhere, in `lower`.
        """
        named = [self._is_name(token, lower) for token in range(len(self.forms))]
        self.heads = [
            token for token, is_name in enumerate(named) if is_name and not any(named[token + 1 : token + 2])
        ]
        for head in self.heads:
            self.heads_of[self.sentence(head)].append(head)

    def _is_name(self, token: int, lower: frozenset[str]) -> bool:
        form, key = self.forms[token], self.keys[token]
        if not form[0].isupper():
            return False
        if key in CALENDAR and not (key in _MONTHS_AND_NAMES and self._is_person(token)):
            return False
        if self.begins(token):
            return key not in LITTLE and key not in lower and key not in CUES
        return key not in LITTLE or (len(form) > 1 and form.isupper())

    def _is_person(self, token: int) -> bool:
        """Whether the name of a month is somebody's: "Theresa May", "Mrs May", "May said"."""
        before = self.forms[token - 1] if token else ""
        after = self.keys[token + 1] if token + 1 < len(self.keys) else ""
        if after in CUES or before in ("Mr", "Mrs", "Ms"):
            return True
        key = before.lower()
        named = before[:1].isupper() and key not in CALENDAR and key not in _BEFORE_PLACES
        return named and not self.begins(token - 1)

    def is_place(self, head: int) -> bool:
        """Whether a name stands for a place: "in New York"."""
        before = head - 1
        while before >= 0 and self.forms[before][0].isupper():
            before -= 1
        return before >= 0 and self.keys[before] in _BEFORE_PLACES

    def speaks(self, token: int) -> bool:
        """Whether the token is the subject of a verb of saying: "the *minister* said", "said the *minister*".

        In an interview the name and a colon do: "*Field*: No."
        """
        keys, key = self.keys, self.keys[token]
        if not key[0].isalpha() or key in LITTLE or key in CALENDAR or key.endswith("ly"):
            return False
        after = token + 1
        if self.forms[token][0].isupper() and keys[after : after + 1] == [":"]:
            return True
        while after < len(keys) and (keys[after] in LIGHT or keys[after] in ("has", "had", "have")):
            after += 1
        if after < len(keys) and keys[after] in CUES:
            return True
        before = token - 1
        while before >= 0 and keys[before] in _DETERMINERS:
            before -= 1
        if before > 0 and keys[before] == "to" and keys[before - 1] == "according":
            before -= 1
        return before >= 0 and keys[before] in CUES and keys[before] not in _OF_OTHERS
