"""Through whom the words came, and on what basis."""

import re

from annotations.suggesting.suggestion import Basis

_OUTLET = re.compile(
    r"""\b(?:
        BBC|CNN|NBC|CBS|ABC|MSNBC|CNBC|PBS|NPR|ITV|Sky|Fox|AP|AFP|UPI|Reuters|Bloomberg|Associated\ Press
        |Press\ Association|Politico|POLITICO|BuzzFeed|HuffPost|Axios|Vox|Al\ Jazeera|Xinhua|Tass|Kyodo|Haaretz
        |Times|Post|Guardian|Telegraph|Independent|Mirror|Sun|Mail|Express|Herald|Tribune|Gazette|Chronicle|Journal
        |Observer|Standard|Globe|Inquirer|Courier|Dispatch|Economist|Newsweek|Spiegel|Welt|Zeitung|Monde|Figaro|País
        |Daily\ \w+|News|Review|Magazine|Radio|Television|TV
        |newspapers?|magazines?|broadcasters?|news\ agenc(?:y|ies)|(?:media|press)\ reports?|(?:local|state)\ media
        |website|blog|paper|network
    )\b""",
    re.VERBOSE,
)
_NOT_THE_OUTLET = re.compile(
    r"\b(?:editor|reporter|journalist|correspondent|columnist|owner|publisher|host|anchor|poll|survey)\b",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    r"""\b(?:sources?|officials?|insiders?|aides?|advis[eo]rs?|people\ (?:familiar|close|briefed|with)
        |person\ (?:familiar|close)|a\ spokes\w+|diplomats?|observers|experts|analysts|critics|some|others|many
        |friends|allies)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CONDITION = re.compile(
    r"\b(?:anonym\w+|not authori[sz]ed to|declined to be (?:named|identified)|unnamed)\b", re.IGNORECASE
)
_LEAK = re.compile(r"\b(?:leaked|leak|hacked)\b", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"""\b(?:report|memo|letter|statement|documents?|e-?mails?|tweet|filings?|records?|lawsuit|complaint|study|survey
        |poll|ruling|affidavit|transcript|press\ release|website)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(r"(?<!^)\b[A-Z][a-z]+|^[A-Z][a-z]+ [A-Z]")


def is_outlet(mention: str) -> bool:
    """Whether a mention means a paper, a broadcaster or an agency: "the BBC", "a newspaper"."""
    return bool(_OUTLET.search(mention)) and not _NOT_THE_OUTLET.search(mention)


def basis_of(mention: str, after: str, sentence: str) -> Basis:
    """On what basis words are given: from the mention, the words between it and the cue, and the sentence."""
    if _LEAK.search(mention) or _LEAK.search(after):
        return Basis.LEAK
    if _CONDITION.search(sentence):
        return Basis.ANONYMOUS
    if _DOCUMENT.search(mention):
        return Basis.DOCUMENT
    if _UNNAMED.search(mention) and not _NAME.search(mention):
        return Basis.ANONYMOUS
    return Basis.ON_RECORD
