"""What the two readers of sentences hand over: an attribution, as far as its own sentence tells."""

from dataclasses import dataclass, field

type Span = tuple[int, int]
"""Start and end in code points, end exclusive."""


@dataclass(slots=True)
class Found:
    """One cue with its speaker and content."""

    cue: Span
    lemma: str
    shape: str
    """What kind of content the cue was found with: that, clause, question, to, object, about, before, according,
    noun, naming, as, around, quote, headline; empty where there is none yet."""
    speaker: Span | None
    content: list[Span] = field(default_factory=list)
    how: str = "subject"
    """How the speaker was found: subject, inherited, agent, noun, relative, none."""
    says: bool = True
    """A verb of saying rather than of thinking or showing."""
    adjunct: Span | None = None
    """Words of the attribution that are neither cue nor speaker: whom it was said to, where and when."""
    is_plain: bool = False
    """The marks and the order of words alone tell it, so that no parse knows better."""
