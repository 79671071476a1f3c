# ruff: noqa: PLR0912, SIM102
"""Attributions read off spaCy's parse."""

from collections.abc import Iterator
from typing import Any

from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.lexicon import NOUNS, NOUNS_TO, PHRASES, VERBS, Frame

type Token = Any
type Doc = Any

_RELATIVES = frozenset(["who", "which", "that"])
_ASIDES = frozenset(["which", "who", "whom", "whose", "where"])


def read(doc: Doc, layout: Layout) -> Iterator[Found]:
    """The attributions of a parsed text, in the order of their cues."""
    for token in doc:
        lower = token.lower_
        if token.tag_[0] == "V":
            frame = _frame(token)
            if frame:
                yield from _verb(token, frame)
        elif lower in NOUNS and token.tag_[:2] == "NN":
            yield from _noun(token)
        if lower in NOUNS_TO and token.tag_[:2] == "NN":
            yield from _noun_to(token)
        if lower == "according":
            yield from _according(token)


def _frame(token: Token) -> Frame | None:
    if token.i + 1 < len(token.doc):
        phrase = PHRASES.get((token.lower_, token.nbor(1).lower_))
        if phrase:
            return phrase
        if token.i + 2 < len(token.doc) and token.nbor(1).lower_ == "it":
            phrase = PHRASES.get((token.lower_, token.nbor(2).lower_))
            if phrase:
                return phrase
    return VERBS.get(token.lower_)


def _span(first: Token, last: Token) -> Span:
    return first.idx, last.idx + len(last)


def _subtree(token: Token) -> Span:
    return _span(token.left_edge, token.right_edge)


def _is_verb(token: Token) -> bool:
    return bool(token.tag_[0] == "V" or token.tag_ == "MD")


# -- verbs -------------------------------------------------------------------------------------------------


def _verb(verb: Token, frame: Frame) -> Iterator[Found]:
    if verb.dep_ in ("amod", "aux"):
        return
    speaker, how = _speaker(verb)
    shape, content = _content(verb, frame)
    if not content and not frame.takes("sx"):
        return
    cue = verb.idx, verb.idx + len(verb)
    if " " in frame.lemma:
        cue = verb.idx, verb.nbor(1).idx + len(verb.nbor(1))
    yield Found(
        cue,
        frame.lemma,
        shape,
        speaker,
        content,
        how,
        says=not frame.takes("me"),
        adjunct=_adjunct(verb),
    )


def _speaker(verb: Token, depth: int = 0) -> tuple[Span | None, str]:
    passive = False
    for child in verb.children:
        if child.dep_ == "agent":
            for one in child.children:
                if one.dep_ == "pobj":
                    return _mention(one), "agent"
        passive = passive or child.dep_ == "auxpass"
    if verb.tag_ == "VBN" and (passive or verb.dep_ in ("acl", "advcl")):
        return None, "none"
    for child in verb.children:
        if child.dep_ == "nsubj" and child.lower_ not in ("there", "what"):
            return _mention(child), "relative" if child.lower_ in _RELATIVES else "subject"
    if depth > 5:
        return None, "none"
    head = verb.head
    if verb.dep_ == "acl" and verb.tag_ == "VB":  # "his wish to say", "the minister had to find a way to say"
        owner = next((c for c in head.lefts if c.dep_ == "poss"), None)
        if owner is not None:
            return _mention(owner), "noun"
        if head.dep_ in ("dobj", "attr", "pobj"):
            return _inherited(head.head if head.dep_ != "pobj" else head.head.head, depth)
    if verb.dep_ == "acl":
        return _mention(head), "noun"
    if (
        verb.dep_ in ("xcomp", "ccomp", "advcl")
        and head.dep_ in ("acomp", "attr", "oprd")
        and not _is_verb(head)
    ):
        return _inherited(head.head, depth)
    if verb.dep_ in ("conj", "advcl", "xcomp", "ccomp") and head.i != verb.i and _is_verb(head):
        return _inherited(head, depth)
    if verb.dep_ == "pcomp":
        owner = next((c for c in head.head.lefts if c.dep_ == "poss"), None)
        if owner is not None:
            return _mention(owner), "noun"
        return _inherited(head.head, depth)
    return None, "none"


def _inherited(token: Token, depth: int) -> tuple[Span | None, str]:
    """The speaker of the verb that governs a token, taken over by one below it."""
    while token.head.i != token.i and not _is_verb(token) and token.pos_ != "AUX":
        token = token.head
    if not _is_verb(token) and token.pos_ != "AUX":
        return None, "none"
    found, how = _speaker(token, depth + 1)
    return found, "inherited" if found else how


def _mention(token: Token) -> Span:
    """The noun phrase of a head, without the clauses that hang on it."""
    if token.pos_ == "PRON":
        return token.idx, token.idx + len(token)
    last = token
    for child in token.rights:
        if child.dep_ in (
            "prep",
            "appos",
            "conj",
            "cc",
            "compound",
            "nmod",
            "poss",
            "case",
            "punct",
            "amod",
            "nummod",
        ):
            last = child.right_edge
        else:
            break
    while last.i > token.i and (last.is_punct or last.dep_ == "cc" or last.is_space):
        last = last.nbor(-1)
    return _span(token.left_edge, last)


def _content(verb: Token, frame: Frame) -> tuple[str, list[Span]]:
    rights = list(verb.rights)
    passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.lefts)
    for child in rights:
        if child.dep_ not in ("ccomp", "xcomp", "advcl"):
            continue
        marks = {c.lower_ for c in child.lefts if c.dep_ in ("mark", "aux")}
        infinitive = child.tag_ == "VB" and "to" in marks
        if (
            child.dep_ == "advcl"
            and not (frame.takes("w") and marks & {"if", "whether"})
            and not (infinitive and frame.takes("u") and not passive)
        ):
            continue
        if infinitive:
            if not frame.takes("tu") or passive:
                continue
            start, end = child.left_edge.idx, _end(verb, child)
            if frame.takes("u"):
                for one in rights:
                    if one.i < child.i and one.dep_ in ("dobj", "dative"):
                        start = min(start, one.left_edge.idx)
                    if one.i < child.i and one.dep_ == "prep" and " " in frame.lemma:
                        start = min([start, *(c.left_edge.idx for c in one.children)])
            return "to", [(start, end)]
        if not frame.takes("smwe"):
            continue
        if child.dep_ == "xcomp" and (
            child.tag_ in ("VB", "NN", "JJ") or (child.tag_ == "VBG" and not frame.takes("o"))
        ):
            continue
        shape = "that" if "that" in marks else "question" if marks & {"if", "whether"} else "clause"
        return shape, [(child.left_edge.idx, _end(verb, child))]
    if frame.takes("sme"):
        for child in verb.lefts:
            if child.dep_ == "ccomp":
                return "before", [_subtree(child)]
        if verb.dep_ == "parataxis" or (verb.dep_ == "ccomp" and verb.head.i > verb.i):
            head = verb.head
            split = any(c.i < verb.i and c.dep_ in ("nsubj", "nsubjpass") for c in head.children)
            return "around" if split or head.i > verb.i else "before", [_subtree(head)]
    if frame.takes("s") and (beside := _as(verb)):
        return "as", beside
    if frame.lemma == "call for":
        for child in rights:
            if child.dep_ in ("advcl", "ccomp", "xcomp") and child.left_edge.lower_ == "for":
                return "to", [(child.left_edge.nbor(1).idx, _subtree(child)[1])]
    if frame.takes("o") and not passive:
        for child in rights:
            if child.dep_ == "dobj" or (child.dep_ == "prep" and " " in frame.lemma):
                start, end = _subtree(child)
                if child.dep_ == "prep":
                    inner = list(child.children)
                    if not inner:
                        continue
                    start = inner[0].left_edge.idx
                for later in rights:
                    if later.i > child.i and (
                        later.dep_ in ("oprd", "acl", "xcomp", "relcl")
                        or (
                            later.dep_ == "prep"
                            and later.lower_ in ("for", "as", "of", "over", "about", "to", "on", "with")
                        )
                    ):
                        end = max(end, _subtree(later)[1])
                return "object", [(start, end)]
    if frame.lemma in ("call", "label", "brand", "dub", "deem") and not passive:
        named = _naming(verb)
        if named:
            return "naming", [named]
    for child in rights:
        if child.dep_ == "prep" and child.lower_ in frame.prepositions and list(child.children):
            about = next(child.children)
            return "about", [(about.left_edge.idx, _subtree(child)[1])]
    return "", []


def _as(verb: Token) -> list[Span]:
    """What stands beside "as the BBC reported"."""
    if verb.dep_ != "advcl" or not any(c.lower_ == "as" and c.dep_ in ("mark", "advmod") for c in verb.lefts):
        return []
    head = verb.head
    whole, own = _subtree(head), _subtree(verb)
    return [(own[1], whole[1])] if head.i > verb.i else [(whole[0], own[0])]


def _naming(verb: Token) -> Span | None:
    """ "called her a liar", "calling the plan “reckless”": the object with the name it is given."""
    parts = [
        c
        for c in verb.rights
        if c.dep_ not in ("punct", "prep", "advcl", "advmod", "cc", "conj", "agent", "relcl")
    ]
    if not parts:
        return None
    start, end = parts[0].left_edge.idx, parts[-1].right_edge
    after = end.i + 1
    quoted = after < len(verb.doc) and verb.doc[after].is_quote
    if len(parts) == 1 and parts[0].dep_ != "ccomp" and not quoted:
        return None
    last = verb.doc[after] if quoted else end
    return start, last.idx + len(last)


def _end(verb: Token, child: Token) -> int:
    """Where a clause after its cue ends: with what the parse hangs beside it by mistake, without asides."""
    last: Token = child.right_edge
    for later in verb.rights:
        if later.i <= child.i:
            continue
        if later.dep_ == "advcl" and later.tag_ != "VBG":
            marks = {c.lower_ for c in later.lefts if c.dep_ in ("mark", "advmod")}
            if marks & {"if", "because", "unless", "until", "since", "so", "given", "than", "even"}:
                last = later.right_edge
        elif later.dep_ in ("ccomp", "dep"):
            last = later.right_edge
        elif later.dep_ == "conj" and any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in later.lefts):
            if later.lower_ not in VERBS:
                last = later.right_edge
    return int(_cut(verb, child, last))


def _cut(verb: Token, child: Token, last: Token) -> Any:
    """The end without an aside of the writer's, and without the next thing that was said."""
    doc = verb.doc
    for token in doc[child.left_edge.i : last.i + 1]:
        frame = VERBS.get(token.lower_)
        before = doc[token.i - 1]
        if (
            frame is not None
            and token.tag_ == "VBG"
            and frame.takes("s")
            and before.text in (",", "—", "–", "-", "”", '"', "''")
            and token.i > child.i
        ):
            return before.idx if before.is_punct else token.idx
        if (
            frame is not None
            and token.dep_ == "conj"
            and token.tag_ == verb.tag_ == "VBD"
            and frame.takes("sou")
            and not any(c.dep_ in ("nsubj", "nsubjpass") for c in token.lefts)
            and token.i > child.i
        ):
            first = token.left_edge
            while first.i > child.i and doc[first.i - 1].lower_ in (",", "and", "but", "also", "then"):
                first = doc[first.i - 1]
            return first.idx
        if token.dep_ == "relcl" and token.right_edge.i == last.i:
            first = token.left_edge
            if first.i > child.i and doc[first.i - 1].text == "," and first.lower_ in _ASIDES:
                return doc[first.i - 1].idx
    return last.idx + len(last)


def _adjunct(verb: Token) -> Span | None:
    """Whom it was said to, where and when: what stands beside the verb and is neither subject nor content."""
    last = None
    for child in verb.rights:
        if child.dep_ in ("dobj", "dative", "npadvmod", "prep", "advmod", "agent", "prt"):
            last = child.right_edge
        elif child.dep_ not in ("punct", "nsubj"):
            break
    return (verb.idx, last.idx + len(last)) if last is not None else None


# -- nouns and prepositions --------------------------------------------------------------------------------


def _noun(noun: Token) -> Iterator[Found]:
    for child in noun.rights:
        if child.dep_ in ("acl", "ccomp", "relcl") and _is_verb(child):
            if not any(c.dep_ == "mark" and c.lower_ == "that" for c in child.lefts):
                continue
            speaker, how = _holder(noun)
            yield Found(
                (noun.idx, noun.idx + len(noun)),
                noun.lower_,
                "noun",
                speaker,
                [(child.left_edge.idx, child.right_edge.idx + len(child.right_edge))],
                how,
            )
            return


def _noun_to(noun: Token) -> Iterator[Found]:
    """ "his promise to go", "the minister’s call to wait"."""
    speaker, how = _holder(noun)
    for child in noun.rights:
        if speaker is not None and how == "noun" and child.dep_ == "acl" and child.tag_ == "VB":
            yield Found(_span(noun, noun), noun.lower_, "to", speaker, [_subtree(child)], how)
            return


def _holder(noun: Token) -> tuple[Span | None, str]:
    """Whose claim it is: "his claim", "a claim by the minister", "the minister made the claim"."""
    for one in noun.lefts:
        if one.dep_ == "poss":
            return _mention(one), "noun"
    for one in noun.rights:
        if one.dep_ == "prep" and one.lower_ in ("by", "from", "of", "among"):
            for inner in one.children:
                if inner.dep_ == "pobj":
                    return _mention(inner), "noun"
    if noun.dep_ in ("dobj", "pobj"):
        head = noun.head if noun.dep_ == "dobj" else noun.head.head
        if _is_verb(head):
            speaker, _ = _speaker(head)
            return speaker, "inherited" if speaker else "none"
    return None, "none"


def _according(token: Token) -> Iterator[Found]:
    following = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if following is None or following.lower_ != "to":
        return
    for child in following.children:
        if child.dep_ == "pobj":
            yield Found(
                _span(token, following),
                "according to",
                "according",
                _mention(child),
                [],
                "subject",
                adjunct=_subtree(token),
            )
            return
