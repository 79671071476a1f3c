"""Suggests the quotes of an English article: their words, speakers, cues, dates and sources.

`suggest` is all that others need. It works with rules alone, and better with spaCy's parse: `load_nlp`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from annotations.suggesting import parsed, rules
from annotations.suggesting.assembling import assemble, bare_quotations, completed, spoken_lines
from annotations.suggesting.dating import Dating
from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.parsing import Doc, Nlp, parse_layout
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


def suggest(
    text: str,
    *,
    published: dt.date | None,
    kinds: Mapping[int, str] | None = None,
    language: str = "en",
    nlp: Nlp | None = None,
) -> list[Suggestion]:
    """The quotes that an article seems to carry, by where they begin.

    `text` is canonical; `kinds` are those of its paragraphs by number. Without `published` what leans on that day
    stays unresolved. `nlp` is what `load_nlp` gives; without it, rules alone are used. In other languages than
    English only words in quotation marks are offered, without their speakers.
    """
    layout = Layout(text, kinds or {})
    english = language.lower().startswith("en")
    found = found_in(layout, parse_layout(nlp, layout) if nlp is not None else None) if english else []
    people = People(layout)
    dating = Dating(layout, published)
    suggestions: list[Suggestion] = []
    earlier: list[tuple[Span, Resolved]] = []
    for one in found:
        made = _suggestion(layout, one, people, dating, earlier)
        suggestions.append(made)
        if made.mention_span:
            earlier.append((made.mention_span, made.speaker))
    suggestions = _relayed(layout, suggestions, found)
    covered = [span for made in suggestions for span in made.spans]
    suggestions += [_bare(span, layout, dating) for span in bare_quotations(layout, covered)]
    return sorted(suggestions, key=lambda made: (made.spans, made.cue_span or (0, 0)))


def found_in(layout: Layout, parse: Doc | None) -> list[Found]:
    """The attributions of a text with their contents, from its parse where there is one."""
    by_rules = list(rules.read(layout))
    read = completed(list(parsed.read(parse, layout)), by_rules) if parse is not None else by_rules
    return assemble(layout, sorted([*spoken_lines(layout), *read], key=lambda one: one.cue))


def _suggestion(
    layout: Layout, one: Found, people: People, dating: Dating, earlier: Sequence[tuple[Span, Resolved]]
) -> Suggestion:
    text = layout.text
    kind = Kind(layout.kind_of(one.content))
    cue = text[one.cue[0] : one.cue[1]]
    mention = text[one.speaker[0] : one.speaker[1]] if one.speaker else ""
    sentence = layout.sentences[layout.sentence_at(one.cue[0])]
    relay = None
    if one.speaker and is_outlet(mention) and (one.shape == "according" or one.lemma == "report"):
        relay = Source(mention, one.speaker)
    tier = tier_of(one, kind)
    return Suggestion(
        spans=tuple(one.content),
        kind=kind,
        cue=cue,
        cue_span=one.cue,
        mention="" if relay else mention,
        mention_span=None if relay else one.speaker,
        speaker=Resolved("", None, How.NONE, f"The article has it from {mention}.")
        if relay
        else people.resolve(mention, one.speaker, earlier),
        said=dating.near(one.content, one.cue),
        relay=relay,
        basis=basis_of(
            text[one.speaker[0] : max(one.speaker[1], one.cue[0])] if one.speaker else "",
            text[sentence.start : sentence.end],
        ),
        tier=tier,
        reason=reason_for(one, kind, cue),
    )


def _relayed(layout: Layout, suggestions: list[Suggestion], found: Sequence[Found]) -> list[Suggestion]:
    """With the source that "according to" names for what else its sentence attributes."""
    sources = {
        layout.sentence_at(one.cue[0]): made.relay
        for one, made in zip(found, suggestions, strict=True)
        if one.shape == "according" and made.relay
    }
    return [
        replace(made, relay=sources[number])
        if made.relay is None
        and made.cue_span
        and (number := layout.sentence_at(made.cue_span[0])) in sources
        and made.spans[-1][1] <= sources[number].mention[0]
        else made
        for made in suggestions
    ]


def _bare(span: Span, layout: Layout, dating: Dating) -> Suggestion:
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
