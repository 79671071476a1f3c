"""Suggests the quotes of an English article: their words, speakers, cues, dates and sources.

`suggest` is all that others need. It works by rules alone, and better with spaCy's parse, which `load_nlp` gives.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from annotations.suggesting import headlines, parsed, rules
from annotations.suggesting.assembling import assemble, bare_quotations, completed
from annotations.suggesting.dating import Dating
from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.parsing import Doc, Nlp, parse
from annotations.suggesting.parsing import load as load_nlp
from annotations.suggesting.people import People
from annotations.suggesting.sources import basis_of, is_outlet
from annotations.suggesting.suggestion import Basis, How, Kind, Resolved, Said, Source, Suggestion, Tier
from annotations.suggesting.tiers import reason_for, tier_of

__all__ = [
    "Basis",
    "How",
    "Kind",
    "Nlp",
    "Resolved",
    "Said",
    "Source",
    "Suggestion",
    "Tier",
    "load_nlp",
    "suggest",
]

LONGEST_PARSED = 200_000
"""Code points; a longer text is read by rules alone, as a parse takes some kilobytes for each word."""


def suggest(
    text: str,
    *,
    published: dt.date | None,
    kinds: Mapping[int, str] | None = None,
    language: str = "en",
    nlp: Nlp | None = None,
) -> list[Suggestion]:
    """The quotes that an article seems to carry, by where they begin; the same for the same text.

    `text` is canonical; `kinds` are those of its paragraphs by number: a heading's words continue no quote. Without
    `published`, what leans on that day stays unresolved. `nlp` is what `load_nlp` gives; without it, rules alone are
    used; they are, too, for a text beyond `LONGEST_PARSED`. In other languages than English only words in quotation
    marks are offered, without their speakers.
    """
    layout = Layout(text, kinds or {})
    dating = Dating(layout, published)
    is_english = language.lower().startswith("en")
    is_parsed = nlp is not None and len(text) <= LONGEST_PARSED
    found = found_in(layout, parse(nlp, layout) if is_parsed else None) if is_english else []
    suggestions = _relayed(layout, found, list(_attributed(layout, found, dating)))
    covered = [span for made in suggestions for span in made.spans]
    suggestions += [_bare(span, layout) for span in bare_quotations(layout, covered)]
    return sorted(suggestions, key=lambda made: (made.spans, made.cue_span or (0, 0)))


def found_in(layout: Layout, doc: Doc | None) -> list[Found]:
    """The attributions of a text with their contents, from its parse where there is one."""
    read = list(rules.read(layout))
    if doc is not None:
        read = completed(list(parsed.read(doc)), read)
    return assemble(layout, sorted([*headlines.read(layout), *read], key=lambda one: one.cue))


def _attributed(layout: Layout, found: Sequence[Found], dating: Dating) -> Iterator[Suggestion]:
    people = People(layout)
    earlier: list[tuple[Span, Resolved]] = []
    for one in found:
        made = _suggestion(layout, one, dating)
        if made.relay is None:
            made = replace(made, speaker=people.resolve(made.mention, made.mention_span, earlier))
        if made.mention_span:
            earlier.append((made.mention_span, made.speaker))
        yield made


def _suggestion(layout: Layout, one: Found, dating: Dating) -> Suggestion:
    text = layout.text
    kind = Kind(layout.kind_of(one.content))
    cue = text[slice(*one.cue)]
    mention = text[slice(*one.speaker)] if one.speaker else ""
    sentence = layout.sentences[layout.sentence_at(one.cue[0])]
    between = text[one.speaker[1] : one.cue[0]] if one.speaker else ""
    is_relay = is_outlet(mention) and (one.shape == "according" or one.lemma == "report")
    return Suggestion(
        spans=_apart(one.content),
        kind=kind,
        cue=cue,
        cue_span=one.cue,
        mention="" if is_relay else mention,
        mention_span=None if is_relay else one.speaker,
        speaker=Resolved("", None, How.NONE, f"The article has it from {mention}."),
        said=dating.near(one.content, one.cue),
        relay=Source(mention, one.speaker) if is_relay and one.speaker else None,
        basis=basis_of(mention, between, text[sentence.start : sentence.end]),
        tier=tier_of(one, kind),
        reason=reason_for(one, kind, cue),
    )


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The parts in order, without overlaps and without spaces at their ends."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if kept and start <= kept[-1][1]:
            kept[-1] = kept[-1][0], max(kept[-1][1], end)
        elif start < end:
            kept.append((start, end))
    return tuple(kept)


def _relayed(layout: Layout, found: Sequence[Found], made: Sequence[Suggestion]) -> list[Suggestion]:
    """With the source that "according to" names at the end of a sentence for what else the sentence attributes."""
    sources = {
        layout.sentence_at(one.cue[0]): suggestion.relay
        for one, suggestion in zip(found, made, strict=True)
        if one.shape == "according" and suggestion.relay
    }
    return [
        replace(suggestion, relay=relay)
        if suggestion.relay is None
        and (relay := sources.get(layout.sentence_at(one.cue[0]))) is not None
        and suggestion.spans[-1][1] <= relay.mention[0]
        else suggestion
        for one, suggestion in zip(found, made, strict=True)
    ]


def _bare(span: Span, layout: Layout) -> Suggestion:
    return Suggestion(
        spans=(span,),
        kind=Kind(layout.kind_of([span])),
        cue="",
        cue_span=None,
        mention="",
        mention_span=None,
        speaker=Resolved("", None, How.NONE, "No attribution stands beside the words."),
        said=None,
        relay=None,
        basis=Basis.ON_RECORD,
        tier=Tier.BARE,
        reason="In quotation marks, with nobody beside them who says it.",
    )
