"""The canonical text of an article's version, and the spans in it.

A canonical text is plain Unicode: paragraphs stand on one line each, with exactly one blank line between
two of them. Every offset in Newsdesk is a Unicode code point in such a text, end exclusive; browsers count
UTF-16 code units, and `from_utf16` and `to_utf16` are the only crossing between the two.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Lines longer than this were not wrapped by hand: each is a paragraph.
WIDEST_WRAP = 90
# Lines shorter than this are rarely wrapped prose: names, verses, table rows.
NARROWEST_WRAP = 50

_NEWLINES = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_SPACES = re.compile(r"[^\S\n]{2,}|\t")

# Nothing here has a place in a news text: control characters, byte order marks, zero-width spaces, soft
# hyphens, invisible operators, noncharacters, and the embeddings and overrides that can reorder what stands
# around them. Left in: the directional marks and isolates that Arabic and Hebrew need, variation selectors.
_JUNK = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u180e\u200b\u202a-\u202e\u2060-\u2064\u206a-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U0001d173-\U0001d17a"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNCLEAN = re.compile(
    _JUNK.pattern[:-1] + "\v\f\r\x1c-\x1e\x85\u200c\u200d\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f]"
)
# Tag characters spell the flags of England, Scotland and Wales; anywhere else they hide text.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]")
# The joiners belong inside emoji sequences, and in Arabic and Indic scripts, where they spell.
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_COMPLEX = "\u0600-\u109f\u1780-\u18af\ua800-\uabff\ufb50-\ufdcf\ufe70-\ufefc\U00010a00-\U00011fff"
_STRAY_JOINERS = re.compile(
    f"(?<![{_EMOJI}\ufe0f{_COMPLEX}])\u200d|(?<=[{_EMOJI}\ufe0f])\u200d(?![{_EMOJI}])|(?<![{_COMPLEX}])\u200c"
)
_INVISIBLE_LINE = re.compile("[\\s\u061c\u200c-\u200f\u2066-\u2069\ufe0e\ufe0f]*")

_LIST_MARKER = re.compile(r"(?:[-–—•‣▪●○◦*·]|\(?\d{1,2}[.)])\s")
_TABULAR = re.compile(r"\S(?:\t|[ \u00a0]{3,})\S|\.{4,}|_{4,}")
_TERMINAL = frozenset(".!?…:。！？؟۔।")
_CLOSERS = "\"'”’»)]"
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_CJK = re.compile("[\u3000-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's place: `number` counts from 0."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place; `paragraph` is the number of the paragraph that holds it."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Word:
    """A token to choose from: a word, a quotation mark, or a run of other punctuation."""

    start: int
    end: int


def normalise(raw: str) -> str:
    """The canonical text of `raw`; normalising twice changes nothing.

    Unicode NFC, `\\n` only, one line a paragraph, exactly one blank line between two paragraphs. Runs of
    spaces become one space; a single non-breaking space stays. Invisible junk goes (see `_JUNK`), lone
    surrogates become U+FFFD.

    A line break without a blank line is read by its look. Where no line is longer than 90 characters, and a
    line's next word would not have fitted any more, or the sentence plainly runs on in lower case, the text
    was wrapped by hand: the lines are joined with a space. List items, table rows, verses, and lines that are
    whole paragraphs each become a paragraph of their own.
    """
    text = raw if _is_clean(raw) else _cleaned(raw)
    if "\n" not in text.replace("\n\n", ""):  # nothing was wrapped: each line is a paragraph
        lines = [line for part in text.split("\n\n") if (line := part.strip())]
    else:
        lines = list(_rewrapped(text))
    if "  " in text or "\t" in text or not text.isascii():
        lines = [_SPACES.sub(" ", line) for line in lines]
    return "\n\n".join(line for line in lines if line.isascii() or not _INVISIBLE_LINE.fullmatch(line))


def _is_clean(text: str) -> bool:
    """Whether `_cleaned` would change nothing; told quickly, as of most texts it would not."""
    if text.isascii():
        return text.replace("\n", "").isprintable()
    return not _UNCLEAN.search(text) and unicodedata.is_normalized("NFC", text)


def _cleaned(raw: str) -> str:
    """The text in NFC, with `\\n` only and without what has no place in it."""
    text = _NEWLINES.sub("\n", raw.replace("\u2029", "\n\n"))
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", _TAGS.sub(r"\1", _JUNK.sub("", text)))
    return unicodedata.normalize("NFC", _STRAY_JOINERS.sub("", text))


def _rewrapped(text: str) -> Iterator[str]:
    """The paragraphs of a text in which single line breaks stand."""
    blocks = [
        [line for piece in block.split("\n") if (line := piece.strip())] for block in _BLANK_LINE.split(text)
    ]
    width = max((len(line) for block in blocks for line in block), default=0)
    # One line that goes on in the next, in a text of short lines, shows how all of it is wrapped.
    is_wrapped = NARROWEST_WRAP <= width <= WIDEST_WRAP and any(
        _runs_on(line, following) for block in blocks for line, following in pairwise(block)
    )
    for block in blocks:
        yield from _unwrapped(block, width if is_wrapped else 0)


def one_line(raw: str) -> str:
    """`raw` normalised to a single line, for a headline, a name, a caption."""
    return normalise(raw).replace("\n\n", " ")


def _runs_on(line: str, following: str) -> bool:
    return following[0].islower() and not _is_ended(line)


def _is_ended(line: str) -> bool:
    """Whether the line ends as a sentence does."""
    return line.rstrip(_CLOSERS)[-1:] in _TERMINAL


def _is_tabular(line: str) -> bool:
    is_gapped = "\t" in line or "   " in line or "\u00a0" in line
    return (is_gapped or "...." in line or "____" in line) and bool(_TABULAR.search(line))


def _unwrapped(lines: list[str], known_width: int) -> Iterator[str]:
    """The paragraphs of a block of lines. `known_width` is that of a text known to be wrapped, else 0."""
    if len(lines) < 2:
        yield from lines
        return
    width = known_width or max(len(line) for line in lines)
    full = [len(line) + 1 + len(following.split(None, 1)[0]) > width for line, following in pairwise(lines)]
    ended = [_is_ended(line) for line in lines[:-1]]
    if known_width:  # ragged lines, too, if they end in mid-sentence near the margin
        full = [
            is_full or (len(line) >= 0.75 * width and not is_end)
            for is_full, is_end, line in zip(full, ended, lines, strict=False)
        ]
    is_prose = known_width or (
        width <= WIDEST_WRAP
        and sum(ended) <= len(full) / 2
        and (width >= NARROWEST_WRAP or (width >= 30 and len(lines) >= 4 and all(full)))
    )
    tabular = [_is_tabular(line) for line in lines]
    current = [lines[0]]
    for number, following in enumerate(lines[1:]):
        goes_on = width <= WIDEST_WRAP and following[0].islower() and not ended[number]
        apart = tabular[number] or tabular[number + 1] or _LIST_MARKER.match(following)
        if apart or not (goes_on or (is_prose and full[number])):
            yield "".join(current)
            current = [following]
        elif _is_joined(lines[number], following):
            current.append(following)
        else:
            current += (" ", following)
    yield "".join(current)


def _is_joined(line: str, following: str) -> bool:
    """Whether a wrapped line goes on in the next without a space: after a hyphen, and in Chinese or Japanese."""
    if line[-1] == "-":
        return bool(_HYPHENATED.search(line, len(line) - 2))
    return line[-1] > "\u2fff" and bool(_CJK.match(line[-1]) and _CJK.match(following))


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a canonical text, in order."""
    return [
        Paragraph(match.start(), match.end(), number)
        for number, match in enumerate(re.finditer(r"[^\n]+", text))
    ]


# -- quotation marks ---------------------------------------------------------------------------------------

_DOUBLE_MARK = re.compile("''|``|‘‘|’’|[\"“”„‟«»＂「」『』]")
_SYMMETRIC = frozenset(['"', "''", "’’", "‘‘", "＂"])
_CLOSES = {
    "„": frozenset("“”„"),
    "‟": frozenset("”"),
    "“": frozenset("”"),
    "”": frozenset("”"),
    "«": frozenset("»"),
    "»": frozenset("«»"),
    "``": frozenset(["''", '"']),
    "「": frozenset("」"),
    "『": frozenset("』"),
}
_BEFORE_OPENING = frozenset("([{<—–-/\u00a0\u202f\"'“‘„«¿¡")
_AFTER_CLOSING = frozenset(".,;:!?…)]}>—–-/\"'”’»")
_ELISION = re.compile(r"'(?:\d0s|em|til|tis|twas|cause|bout|cos|n)\b", re.IGNORECASE)
_SINGLE_OPENING = re.compile("[‘‚'‹]")
_SINGLE_CLOSING = {"‘": "’", "‚": "‘’", "'": "'’", "‹": "›"}


def quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The quoted spans of one paragraph, marks included: sorted, not nested, not overlapping.

    Curly, straight, doubled, angled and low marks, double and single, are paired within the paragraph. A mark
    that opens and is not closed quotes to the end of the paragraph, as print does when the next paragraph
    goes on with the same speech.
    """
    paragraph = text[start:end]
    double = _double_quoted(paragraph)
    spans: list[tuple[int, int]] = []
    for left, right in sorted(double + _single_quoted(paragraph, double)):
        if spans and left < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], right))
        else:
            spans.append((left, right))
    return [(start + left, start + right) for left, right in spans]


def _stands(paragraph: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a mark at start:end stands where one may open, and where one may close."""
    before = paragraph[start - 1] if start else " "
    after = paragraph[end] if end < len(paragraph) else " "
    opens = not after.isspace() and (before.isspace() or before in _BEFORE_OPENING)
    closes = not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)
    return opens, closes


def _double_quoted(paragraph: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    opened: list[tuple[int, str]] = []
    for match in _DOUBLE_MARK.finditer(paragraph):
        mark = match[0]
        opens, closes = _stands(paragraph, *match.span())
        if opened and _is_closed_by(opened[-1][1], mark, opens=opens, closes=closes):
            begun, _ = opened.pop()
            if not opened:
                spans.append((begun, match.end()))
        elif _is_opened_by(paragraph, match.start(), mark, opens=opens, closes=closes):
            if mark in _SYMMETRIC and any(same == mark for _, same in opened):
                opened.clear()  # the earlier one was a stray
            opened.append((match.start(), mark))
    if opened:
        spans.append((opened[0][0], len(paragraph)))
    return spans


def _is_closed_by(opening: str, mark: str, *, opens: bool, closes: bool) -> bool:
    if opening in _SYMMETRIC:
        return (mark == opening and (closes or not opens)) or (mark == "”" and opening == '"')
    # “Not so,“ with the wrong mark at the end is common enough.
    return mark in _CLOSES[opening] or ((mark in _SYMMETRIC or mark == opening) and closes and not opens)


def _is_opened_by(paragraph: str, start: int, mark: str, *, opens: bool, closes: bool) -> bool:
    if mark in _SYMMETRIC:
        inches = start > 0 and paragraph[start - 1].isdigit()
        return opens or not (closes or inches)
    if mark in "”»":
        return opens
    return mark in _CLOSES and (opens or not closes)


def _single_quoted(paragraph: str, double: list[tuple[int, int]]) -> list[tuple[int, int]]:
    def inside(position: int) -> int:
        """Which double-quoted span holds the position; -1 for none. A pair never crosses such a border."""
        return next((n for n, (left, right) in enumerate(double) if left < position < right), -1)

    spans: list[tuple[int, int]] = []
    position = 0
    while match := _SINGLE_OPENING.search(paragraph, position):
        left = match.start()
        position = left + 1
        opens, _ = _stands(paragraph, left, left + 1)
        doubled = paragraph[left : left + 2] in ("''", "‘‘") or paragraph[max(0, left - 1) : left + 1] == "''"
        if not opens or doubled or _ELISION.match(paragraph, left):
            continue
        right = _single_close(paragraph, left, _SINGLE_CLOSING[match[0]])
        if right and inside(left) == inside(right - 1):
            spans.append((left, right))
            position = right
        elif not right and match[0] == "‘" and left == 0:
            spans.append((0, len(paragraph)))
            break
    return spans


def _single_close(paragraph: str, left: int, marks: str) -> int:
    """The end of the single-quoted span that begins at `left`; 0 where nothing closes it."""
    plural = 0
    for position in range(left + 2, len(paragraph)):
        if paragraph[position] not in marks or not _stands(paragraph, position, position + 1)[1]:
            continue
        # "the workers' rights" closes nothing, unless nothing else does.
        if not re.match(r"s. [^\W\d_A-Z]", paragraph[position - 1 : position + 3]):
            return position + 1
        plural = plural or position + 1
    return plural


# -- sentences ---------------------------------------------------------------------------------------------

_END = re.compile("[.!?…]+[\"'”’“»)\\]]*(?=\\s)|[。！？؟۔।॥]+[\"'”’»)\\]」』）]*")
_LAST_WORD = re.compile(r"[\w.'’&]+$")
_FIRST_WORD = re.compile(r"[\w'’]+")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ITEM_NUMBER = re.compile(r"\d{1,3}\.")
_SPACED_CLOSE = re.compile("[ \u00a0\u202f]»")
_OPENING_MARKS = " \u00a0\u202f\"'“‘„«»([{¿¡—–-…"
_SPEECH_VERB = re.compile(
    r"(?:[A-Z][\w.'’-]*\s+){1,4}(?:said|says|asked|asks|told|added|adds|wrote|writes|replied|cried|tweeted|"
    r"shouted|continued|insisted|declared|demanded|wondered|joked|quipped|exclaimed)\b"
)


def _lexicon(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A number follows these: "No. 10", but "He said no."
_BEFORE_NUMBER = _lexicon("no nos nr núm art fig p pp vol ch")
# These never end a sentence: a name or the rest of a phrase follows.
_GOES_ON = _lexicon("""
    Mr Mrs Ms Mx Dr Prof Gen Sen Rep Reps Sens Gov Lt Col Maj Capt Cpl Sgt Adm Cmdr Rev Hon Pres St Ste Mt Ft
    Messrs Mme Mlle Supt Insp Det Sra Srta Dra Hr Fr Frl Avv Dott Sig vs cf ca approx e.g i.e bzw bspw vgl z.B
    d.h u.a i.d.R
""")
# These may end one: only a word that likes to begin a sentence tells.
_MAY_END = _lexicon("""
    a.m p.m Inc Ltd Co Corp Cos plc Jr Sr Bros etc Ph.D Dept Univ Assn Ave Blvd
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thurs Fri Sat Sun
    Calif Mass Conn Ore Wash Tenn Va Ga Fla Ariz Colo Mich Minn Wis Ill Ind Ala Tex Okla
""")
_STARTERS = _lexicon("""
    the a an he she it they we you i in on at but and so if when while this that these those there his her its
    their our my as for after before since although though however meanwhile now then what who why how not no
    some many most last one two both all with under by from to or nor yet still also asked according earlier
    later today yesterday er sie es wir ich der die das ein eine el la los las un una le les il lo
""")
_BEFORE_ORDINAL = _lexicon("am dem den der des das die vom zum im beim bis seit ab el d")


def sentences(text: str) -> list[Sentence]:
    """The sentences of a canonical text, in order; every character but spaces is in exactly one.

    A sentence never ends inside quotation marks, so that a quotation is within one sentence, nor at an
    abbreviation, an initial, a decimal point or an ordinal. It always ends with its paragraph.
    """
    return [
        Sentence(start, end, paragraph.number)
        for paragraph in paragraphs(text)
        for start, end in _sentences_of(text, paragraph)
    ]


def _sentences_of(text: str, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    quoted = quotations(text, paragraph.start, paragraph.end)
    ends = {right for _, right in quoted}
    start = paragraph.start
    for match in _END.finditer(text, paragraph.start, paragraph.end):
        end = match.end()
        spaced = _SPACED_CLOSE.match(text, end, paragraph.end)
        if spaced and spaced.end() in ends:
            end = spaced.end()
        if any(left < end < right for left, right in quoted) or end <= start:
            continue
        if not text[end : paragraph.end].strip() or not _breaks(text, start, end, paragraph.end):
            continue
        yield _trimmed(text, start, end)
        start = end
    if text[start : paragraph.end].strip():
        yield _trimmed(text, start, paragraph.end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _breaks(text: str, start: int, end: int, limit: int) -> bool:
    """Whether the punctuation that ends at `end` closes the sentence that began at `start`."""
    sentence = text[start:end].rstrip("\"'”’“»)]")
    following = text[end : min(limit, end + 120)].lstrip(_OPENING_MARKS)
    if not following or following[0].islower() or _ITEM_NUMBER.fullmatch(sentence):
        return False
    is_quoted = text[end - 1] in "\"'”’“»"
    if not sentence.endswith("."):
        return not (is_quoted and _SPEECH_VERB.match(following))
    if sentence.endswith("..") or is_quoted:
        return True
    return not _is_abbreviation(sentence[:-1], following)


def _is_abbreviation(sentence: str, following: str) -> bool:
    """Whether the full stop after `sentence` belongs to its last word, given what follows."""
    match = _LAST_WORD.search(sentence)
    if not match:
        return False
    word = match[0].lstrip("'’")
    if word.lower() in _BEFORE_NUMBER:
        return following[0].isdigit()
    if word in _GOES_ON:
        return True
    if word.isdigit():
        before = sentence[: match.start()].split()
        return len(word) <= 2 and bool(before) and before[-1].lower() in _BEFORE_ORDINAL
    first = _FIRST_WORD.match(following)
    starts = first is not None and first[0].lower() in _STARTERS
    is_initial = len(word) == 1 and word.isupper()
    return not starts and (word in _MAY_END or is_initial or bool(_DOTTED.fullmatch(word)))


# -- words -------------------------------------------------------------------------------------------------

_QUOTE_MARKS = "\"'“”„‟‘’‚«»‹›`＂「」『』"
_TOKEN = re.compile(
    rf"""
    ''|``|[{_QUOTE_MARKS}]                       # each quotation mark by itself, so that it can be left out
    | (?:[^\W\d_]\.){{2,}}                       # U.S., e.g.
    | [^\W_](?:[^\s{_QUOTE_MARKS}—–…()\[\]{{}}<>|]|(?<=\w)['’](?=\w)|(?<=\d)–(?=\d))*
    | [^\s\w{_QUOTE_MARKS}]+                     # other punctuation and symbols, as a run
    | \S
    """,
    re.VERBOSE,
)
_TRAILING = re.compile(r"[.,;:!?*/\\-]+$")
_PREFIXED = re.compile(r"[$£€¥#@&§+~]+")


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The tokens of text[start:end] to choose a span's first and last word from.

    Words keep what is within them (don't, 5.1, U.S., non-core, €5bn, 5%); quotation marks are tokens by
    themselves, other punctuation around a word is a token too, so that a span can begin or end on either
    side of it. Every character but spaces is in exactly one token.
    """
    found: list[Word] = []
    for match in _TOKEN.finditer(text, start, end):
        left, right = match.span()
        joined = found and found[-1].end == left and _PREFIXED.fullmatch(text, found[-1].start, left)
        if joined and text[left].isalnum():
            left = found.pop().start
        tail = _TRAILING.search(text[left:right])
        if tail and tail.start() > 0 and not _DOTTED.fullmatch(text, left, right - 1):
            found += [Word(left, left + tail.start()), Word(left + tail.start(), right)]
        else:
            found.append(Word(left, right))
    return found


def count_words(text: str) -> int:
    """How many runs between spaces hold a letter or a digit."""
    return sum(1 for run in text.split() if any(character.isalnum() for character in run))


def digest(text: str) -> str:
    """The SHA-256 of the text's UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


# -- the browser's offsets ---------------------------------------------------------------------------------


def to_utf16(text: str, offset: int) -> int:
    """The UTF-16 offset of a code-point offset. ValueError where it is outside the text."""
    if not 0 <= offset <= len(text):
        raise ValueError(f"offset {offset} is outside a text of {len(text)} characters")
    return offset + sum(1 for character in text[:offset] if character > "\uffff")


def from_utf16(text: str, offset: int) -> int:
    """The code-point offset of a UTF-16 offset.

    ValueError where it is outside the text or between the two halves of a surrogate pair.
    """
    if offset < 0:
        raise ValueError(f"offset {offset} is outside the text")
    position = 0
    units = 0
    while units < offset:
        if position == len(text):
            raise ValueError(f"UTF-16 offset {offset} is outside a text of {units} units")
        units += 2 if text[position] > "\uffff" else 1
        position += 1
    if units != offset:
        raise ValueError(f"UTF-16 offset {offset} is inside a surrogate pair")
    return position
