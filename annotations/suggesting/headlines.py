"""Lines that put a name and a colon before what is said, as headlines and interviews do."""

import re
from collections.abc import Iterator

from annotations.suggesting.found import Found
from annotations.suggesting.layout import Layout

_LINE = re.compile(
    r"(?:(?:Former|Ex-)[ ]?)?[A-Z][\w.’'\-]*(?:[ ](?:[A-Z][\w.’'\-]*|of|de|van|von|at|on|to|and|the)){0,6}:[ \u00a0]"
)
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
            continue
        content = match.end(), paragraph.end
        if layout.count_words([content]) >= _FEWEST_WORDS:
            colon = match.end() - 2
            yield Found((colon, colon + 1), ":", "headline", (paragraph.start, colon), [content])
