# ruff: noqa: E501
"""Through whom the words came, and on what basis."""

import re

from annotations.suggesting.suggestion import Basis

_OUTLET = re.compile(
    r"\b(?:BBC|CNN|NBC|CBS|ABC|MSNBC|CNBC|PBS|NPR|ITV|Sky|Fox|AP|AFP|UPI|Reuters|Bloomberg|Associated Press|"
    r"Press Association|Politico|POLITICO|BuzzFeed|HuffPost|Axios|Vox|Al Jazeera|Xinhua|Tass|Kyodo|Haaretz|"
    r"(?:\w+ )?(?:Times|Post|Guardian|Telegraph|Independent|Mirror|Sun|Mail|Express|Herald|Tribune|Gazette|Chronicle|"
    r"Journal|Observer|Standard|Globe|Inquirer|Courier|Dispatch|Economist|Newsweek|Spiegel|Welt|Zeitung|Monde|Figaro|"
    r"País|Daily \w+|News|Review|Magazine|Radio|Television|TV)|"
    r"newspapers?|magazines?|broadcasters?|news agency|news agencies|media reports?|local media|state media|press reports?|"
    r"website|blog|paper|network)\b"
)
_OF_AN_OUTLET = re.compile(
    r"\b(?:editor|reporter|journalist|correspondent|columnist|owner|publisher|host|anchor|poll|survey)\b",
    re.I,
)
_ANONYMOUS = re.compile(
    r"\b(?:sources?|officials?|insiders?|aides?|advisers?|people (?:familiar|close|briefed|with)|person (?:familiar|close)|"
    r"a spokes\w+|diplomats?|observers|experts|analysts|critics|some|others|many|friends|allies)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:anonym\w+|not authori[sz]ed|declined to be (?:named|identified)|unnamed)\b", re.IGNORECASE
)
_LEAK = re.compile(r"\b(?:leak(?:ed|s)?|hacked)\b", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"\b(?:report|memo|letter|statement|document|documents|email|emails|tweet|filing|filings|records?|lawsuit|"
    r"complaint|study|survey|poll|ruling|affidavit|transcript|press release|website)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<!^)\b[A-Z][a-z]+|^[A-Z][a-z]+ [A-Z]")


def is_outlet(mention: str) -> bool:
    """Whether a mention means a paper, a broadcaster or an agency: "the BBC", "a newspaper report"."""
    return bool(_OUTLET.search(mention)) and not _OF_AN_OUTLET.search(mention)


def basis_of(mention: str, sentence: str) -> Basis:
    """On what basis the words are given, from the mention and its sentence."""
    if _LEAK.search(mention):
        return Basis.LEAK
    if _CONDITION.search(sentence):
        return Basis.ANONYMOUS
    if _DOCUMENT.search(mention):
        return Basis.DOCUMENT
    if _ANONYMOUS.search(mention) and not _NAMED.search(mention):
        return Basis.ANONYMOUS
    return Basis.ON_RECORD
