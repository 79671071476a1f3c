"""Names and colons before what is said, as in headlines and interviews, and names below it, as a signature."""

import re
from collections.abc import Iterator

from annotations.suggesting.found import Found
from annotations.suggesting.layout import Layout
from articles.text import Paragraph

_LINE = re.compile(
    r"(?:(?:Former|Ex-)[ ]?)?[A-Z][\w.’'\-]*(?:[ ](?:[A-Z][\w.’'\-]*|of|de|van|von|at|on|to|and|the)){0,6}:[ \u00a0]"
)
_INTRODUCED = re.compile(r"[–—-][ ]([A-Z][\w.’'\-]*(?:[ ][A-Z][\w.’'\-]*){1,4}):[ \u00a0]+$")
_SIGNED = re.compile(r"[–—-]{1,2}[ \u00a0]?([A-Z][\w.’'\-]*(?:,?[ ](?:[A-Z][\w.’'\-]*|of|the|and)){0,7})\.?")
_NO_NAMES = re.compile(
    r"(?:Exclusive|Update|Video|Watch|Read|Related|More|Note|Correction|Report|Analysis|Opinion|Photo|Live|Breaking|"
    r"Poll|Fact Check|Editor|Source|Headline|Result|Answer|Question|Bottom line|Step \w+|Part \w+|The|A|An|In|On|And|"
    r"But|For|At|With|By|That|This|These|What|How|Why|When|Where|If|It|One|Two|Three|First|Second|Third|Here|There|"
    r"Remember|Consider|So|Then|To)s?\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4


def read(layout: Layout) -> Iterator[Found]:
    """The attributions of such lines, one a paragraph."""
    for paragraph in layout.paragraphs:
        match = _LINE.match(layout.text, paragraph.start, paragraph.end)
        if match is None or _NO_NAMES.match(match[0]):
            yield from _introduced(layout, paragraph)
            yield from _signed(layout, paragraph)
            continue
        content = match.end(), paragraph.end
        if layout.count_words([content]) >= _FEWEST_WORDS:
            colon = match.end() - 2
            yield Found((colon, colon + 1), ":", "headline", (paragraph.start, colon), [content])


def _introduced(layout: Layout, paragraph: Paragraph) -> Iterator[Found]:
    """A heading, a dash, a name and a colon before a quotation that is the rest of the paragraph."""
    regions = layout.regions_in(paragraph.start, paragraph.end)
    match = _INTRODUCED.search(layout.text[paragraph.start : regions[0].start]) if regions else None
    if match and regions[0].words >= _FEWEST_WORDS and not _NO_NAMES.match(match[1]):
        start, end = paragraph.start + match.start(1), paragraph.start + match.end(1)
        yield Found((end, end + 1), ":", "headline", (start, end), [(regions[0].start, regions[0].end)])


def _signed(layout: Layout, paragraph: Paragraph) -> Iterator[Found]:
    """A dash and a name below a paragraph that is all quotation."""
    match = _SIGNED.fullmatch(layout.text, paragraph.start, paragraph.end) if paragraph.number else None
    if match is None:
        return
    above = layout.paragraphs[paragraph.number - 1]
    region = layout.region_at(above.start)
    if region and region.start == above.start and layout.text[region.end : above.end].strip(" .") == "":
        cue = paragraph.start, paragraph.start + 1
        yield Found(cue, layout.text[slice(*cue)], "headline", match.span(1), [(region.start, region.end)])
