"""What stands in and after an article's text and is none of it: "read more", prompts, sign-off, author's box.

The rules are conservative: a paragraph is taken out only if it looks like nothing else, and what is taken out
goes to a field or to a note.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.reading.draft import Part
from articles.reading.lines import NAME, alternatives, has_job, is_name, left_out, split_dateline, split_names

# -- prompts -----------------------------------------------------------------------------------------------

_READ_MORE = re.compile(
    alternatives(
        "read more|read also|read next|also read|read|see also|see more|more on this(?: story)?|more stories",
        "related(?: stories| story| articles| content| coverage| topics)?|recommended|watch|listen|don't miss",
        "you may also like|most read|trending|more from .{2,40}|lesen sie auch|lesen sie hier|auch interessant",
        "mehr zum thema|lire aussi|à lire aussi|leggi anche|lee también|noticias? relacionadas?|lees ook",
        "læs også|читайте также|ещё по теме",
    )
    + r"(?:\s*[:>|»→].{0,200})?",
    re.IGNORECASE,
)
_READ_MORE_LOOSE = re.compile(
    alternatives(
        "read more|also read|read also|lesen sie auch|mehr zum thema|lee también|leggi anche|lire aussi"
    )
    + r"\b[^.!?]{3,160}",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    alternatives(
        "advert(?:isement)?s?|anzeige|werbung|publicité|publicidad|sponsored(?: content)?",
        r"(?:story|article) continues (?:below|after).{0,40}|scroll (?:down )?to continue.{0,40}",
        r"loading(?: ?\.{3}|…)?|embed|copy ?link|कॉपी लिंक|link copied.?|play video|video player .{0,60}",
        "latest videos? from.{0,40}|this is a (?:breaking|developing) (?:news? )?story.{0,60}",
    ),
    re.IGNORECASE,
)
_NOTICE = re.compile(
    alternatives(
        r"(?:©|copyright[: ]|\(c\) ).{0,200}|all rights reserved\.?",
        "this material may not be published, broadcast.{0,120}",
        r"the post .{2,200} (?:appeared first|first appeared) on .{2,100}",
    ),
    re.IGNORECASE,
)
# These begin with anything, which takes long to try: only where one of the words is in the paragraph.
_BROWSER_WORDS = ("javascript", "browser", "cookies")
_BROWSER_NOTICE = re.compile(
    alternatives(
        r".{0,120}\b(?:enable|disabled?|turn on|requires?) javascript\b.{0,300}",
        r".{0,120}\b(?:your browser (?:is|does|doesn)|using a browser version)\b.{0,300}",
        r".{0,120}\b(?:(?:we|site|website) uses? cookies|(?:accept|manage) (?:all )?cookies)\b.{0,300}",
    ),
    re.IGNORECASE,
)
# A prompt begins with what to do and names what for: either alone is found in articles, too.
_PROMPT_START = re.compile(
    "(?:please )?"
    + alternatives(
        "sign[ -]?up|subscribe|get |join |receive|register|want |download|follow |click |for more |have you",
        "do you have|support |enjoy|thank you for|you must|log ?in|log ?out|sign ?in|already a|continue reading",
        "to (?:continue|read|get|receive|comment)|become a|create an? |this article is (?:for|only)|never miss",
        "by (?:submitting|signing|clicking|subscribing)|stay (?:up|informed|in)|keep up|newsletter|a daily",
        "our (?:free )?newsletter|the best of|access the most|abonnier|jetzt |folgst du|melde|suscr[íi]b",
        "abonnez|iscriviti",
    ),
    re.IGNORECASE,
)
_PROMPT_WORD = re.compile(
    alternatives(
        r"newsletter|inbox|e-?mails?\b|subscri|whatsapp|telegram|google news|our (?:app|channel|emails)",
        r"on (?:facebook|twitter|instagram|x|tiktok|youtube)\b|log ?in|sign ?in|account|commenting",
        "comment(?:s|ing)? (?:forum|section)|breaking news alerts|kanal|abonnement|suscri|boletín|browser",
        r"award-winning|conversations|privacy policy|sign up for .{0,60}\b(?:news|deals|offers)",
    ),
    re.IGNORECASE,
)


def prompt_in(paragraph: str) -> str:
    """What a paragraph is, if it is none of the article ("read more", "notice", …); else ""."""
    if len(paragraph) > 420:
        return ""
    if _READ_MORE.fullmatch(paragraph) or _READ_MORE_LOOSE.fullmatch(paragraph):
        return "read more"
    if _ADVERTISEMENT.fullmatch(paragraph):
        return "advertisement or page control"
    if _NOTICE.fullmatch(paragraph):
        return "notice"
    lowered = paragraph.lower()
    if any(word in lowered for word in _BROWSER_WORDS) and _BROWSER_NOTICE.fullmatch(paragraph):
        return "notice"
    is_quoted = re.search('[“”"«»„]', paragraph)
    if not is_quoted and _PROMPT_START.match(paragraph) and _PROMPT_WORD.search(paragraph):
        return "newsletter, log-in or channel"
    return ""


# -- the text as a whole -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Sifted:
    """The parts that are the article, and what stood around them."""

    parts: list[Part]
    byline: str = ""
    author_bio: str = ""
    dateline: str = ""
    outlet: str = ""
    notes: list[str] = field(default_factory=list)


def sift(parts: Sequence[Part], *, byline: str = "", dateline: str = "", outlet: str = "") -> Sifted:
    """Part the article from its furniture: prompts anywhere, sign-off and author's box at the end, dateline.

    `byline`, `dateline` and `outlet` are what is known already. Every word of `parts` is in the outcome: in its
    parts, a field or a note; but an ending that repeats byline or outlet is dropped.
    """
    found = Sifted([], byline=byline, dateline=dateline, outlet=outlet)
    _take_prompts(found, parts)
    _take_ending(found)
    _take_author_box(found)
    _take_ending(found)
    while len(found.parts) > 1 and found.parts[-1][0] == "heading":
        found.notes.append(left_out("heading with nothing under it", found.parts.pop()[1]))
    for number, (kind, words) in enumerate(found.parts[:2]):  # a standfirst may stand before it
        if kind != "heading" and not found.dateline:
            found.dateline, rest = split_dateline(words)
            found.parts[number] = (kind, rest)
    return found


def _take_prompts(found: Sifted, parts: Sequence[Part]) -> None:
    under_prompt = False
    for number, (kind, words) in enumerate(parts):
        what = prompt_in(words)
        if under_prompt and not what and number == len(parts) - 1 and len(words) <= 250:
            what = "under a prompt"
        under_prompt = bool(what) and kind == "heading"
        if what:
            found.notes.append(left_out(what, words))
        else:
            found.parts.append((kind, words))


_SIGN_OFF = re.compile(r"(?:reuters?|ends|-?\s?30\s?-?|#{2,}|[-–—¯_=*•.]+|— ?ends ?—)", re.IGNORECASE)
_CONTRIBUTIONS = re.compile(
    alternatives(
        r"[(\[]?\s*(?:additional )?(?:reporting|writing|editing|compiled|written|edited|produced)"
        r"(?: and (?:reporting|writing|editing))?(?: contributed)? (?:by|from) .{2,300}",
        r".{2,80} contributed (?:reporting )?to this (?:report|article|story)\.?",
        "(?:this (?:article|story) (?:was )?)?(?:first|originally) (?:published|appeared) (?:in|by|on|at) .{2,120}",
    ),
    re.IGNORECASE,
)
_FRAGMENT = re.compile('[^\\W\\d_A-ZÀ-Þ][^.!?…”"»。]{0,40}')


def _take_ending(found: Sifted) -> None:
    while len(found.parts) > 1:
        kind, last = found.parts[-1]
        if _SIGN_OFF.fullmatch(last):
            if last.casefold() not in found.outlet.casefold():
                found.notes.append(left_out("sign-off", last))
        elif _CONTRIBUTIONS.fullmatch(last) or (kind == "" and _FRAGMENT.fullmatch(last)):
            found.notes.append(left_out("contributions or a fragment at the end", last))
        elif not (found.byline and set(split_names(last)) == set(split_names(found.byline))):
            return
        found.parts.pop()


# -- the author's box --------------------------------------------------------------------------------------

_LONGEST_BOX = 6
"""Paragraphs at the end in which an author's box may begin."""

_ABOUT = re.compile(
    r"(?:about )?the authors?:?|zur person:?|zum autor:?|der autor:?|die autorin:?|die autoren:?",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\W*(?:(?:is|was|has|have|are|ist|war|covers|writes|reports|joined|works|makes)\b|\(|,|[’']s)"
)
_IS_SOMEBODY = re.compile(rf"(?P<name>{NAME}) (?:is|was) (?:an? |the |our )")


def _take_author_box(found: Sifted) -> None:
    """Name, role and biography at the end; or a biography that begins with a name of the byline."""
    for begin in range(max(1, len(found.parts) - _LONGEST_BOX), len(found.parts)):
        box = [words for _, words in found.parts[begin:]]
        before = " ".join(words for _, words in found.parts[:begin])
        for read_box in (_headed_box, _signed_box, _bare_box):
            told = read_box(box, before, found)
            if told is not None:
                found.author_bio = "\n\n".join(told)
                del found.parts[begin:]
                return


def _headed_box(box: list[str], _before: str, found: Sifted) -> list[str] | None:
    """A box under "About the author"."""
    rest = box[1:]
    if not _ABOUT.fullmatch(box[0]) or not 1 <= len(rest) <= 3:
        return None
    return rest if any(has_job(words) or words.split()[0] in found.byline for words in rest) else None


def _signed_box(box: list[str], before: str, found: Sifted) -> list[str] | None:
    """A name alone, with a role and a biography under it, or nothing; sets the byline if it is new."""
    name, rest = box[0].removesuffix(":"), box[1:]
    if not is_name(name):
        return None
    surname = name.split()[-1]
    # A name over paragraphs may be a heading about someone in the news: an author is new to the text.
    is_new = surname not in before
    is_told = all(surname in words or _is_role(words) for words in rest)
    is_author = name in split_names(found.byline) or (is_new and has_job(" ".join(rest)))
    if rest and is_told and is_author:
        found.byline = found.byline or name
        return rest
    if not rest and not found.byline and is_new:
        found.byline = name
        found.notes.append(f"The byline was taken from the end of the text: {name}")
        return rest
    return None


def _bare_box(box: list[str], before: str, found: Sifted) -> list[str] | None:
    """A biography with no name over it; its first words are a name of the byline, or one new to the text."""
    names = split_names(found.byline)
    known = next((name for name in names if box[0].startswith(name)), "")
    if known and _TELLS.match(box[0][len(known) :]):
        return box if all(any(name.split()[-1] in words for name in names) for words in box) else None
    match = _IS_SOMEBODY.match(box[0])
    if names or len(box) > 1 or not match or len(box[0]) > 600 or not has_job(box[0][:200]):
        return None
    if match["name"].split()[-1] in before:
        return None
    found.byline = match["name"]
    found.notes.append(f"The byline was taken from the biography at the end: {match['name']}")
    return box


def _is_role(words: str) -> bool:
    return len(words) <= 80 and not words.endswith((".", "!", "?", "”", '"')) and has_job(words)
