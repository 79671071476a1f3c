"""Attributions read off spaCy's parse."""

from collections.abc import Callable, Iterator
from typing import Any

from annotations.suggesting.found import Found, Span
from annotations.suggesting.lexicon import NAMING, NOUNS, NOUNS_TO, PHRASES, VERBS, Frame

type Token = Any
type Doc = Any

_RELATIVES = frozenset(["who", "which", "that"])
_ASIDES = frozenset(["which", "who", "whom", "whose", "where"])
_CLAUSES = ("ccomp", "xcomp", "advcl")
_SUBJECTS = ("nsubj", "nsubjpass", "expl")
_OF_A_MENTION = (
    "prep", "appos", "conj", "cc", "compound", "nmod", "poss", "case", "punct", "amod", "nummod",
)  # fmt: skip
_NOT_NAMED = ("punct", "prep", "advcl", "advmod", "cc", "conj", "agent", "relcl")
_AFTER_OBJECTS = ("for", "as", "of", "over", "about", "to", "on", "with")
_CONDITIONS = frozenset(["if", "because", "unless", "until", "since", "so", "given", "than", "even"])
_CALLING = ("call", "label", "brand", "dub", "deem")
_QUESTIONS = frozenset(["if", "whether"])
_TOLD = ("VBD", "VBZ", "VBG")
"""Tags of verbs of saying that go on with another one: "says …, and says"."""
_DEEPEST = 5
"""Steps from a verb to the one whose subject it shares."""

type Content = tuple[str, list[Span]]
"""The shape of a content, and its parts."""


def read(doc: Doc) -> Iterator[Found]:
    """The attributions of a parsed text, in the order of their cues."""
    for token in doc:
        if token.tag_[0] == "V":
            if frame := _frame(token):
                yield from _of_verb(token, frame)
        elif token.tag_[:2] == "NN":
            if token.lower_ in NOUNS:
                yield from _of_noun(token)
            if token.lower_ in NOUNS_TO:
                yield from _of_promise(token)
        if token.lower_ == "according":
            yield from _of_source(token)


def _frame(token: Token) -> Frame | None:
    """What a verb may take, with its particle: "point out", "make it clear"."""
    words = [following.lower_ for following in token.doc[token.i + 1 : token.i + 3]]
    phrase = PHRASES.get((token.lower_, words[0])) if words else None
    if phrase is None and len(words) > 1 and words[0] == "it":
        phrase = PHRASES.get((token.lower_, words[1]))
    return phrase or VERBS.get(token.lower_)


def _span(first: Token, last: Token) -> Span:
    return first.idx, last.idx + len(last)


def _subtree(token: Token) -> Span:
    return _span(token.left_edge, token.right_edge)


def _is_verb(token: Token) -> bool:
    return bool(token.tag_[0] == "V" or token.tag_ == "MD")


def _child(token: Token, *labels: str) -> Token | None:
    return next((child for child in token.children if child.dep_ in labels), None)


def _marks(clause: Token) -> set[str]:
    return {child.lower_ for child in clause.lefts if child.dep_ in ("mark", "aux")}


def _is_passive(verb: Token) -> bool:
    return any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.lefts)


# -- verbs -------------------------------------------------------------------------------------------------


def _of_verb(verb: Token, frame: Frame) -> Iterator[Found]:
    if verb.dep_ in ("amod", "aux"):
        return
    speaker, how = _speaker(verb)
    shape, content = _content(verb, frame)
    if content or frame.takes("sx"):
        last = verb.nbor(1) if " " in frame.lemma else verb
        says = not frame.takes("me")
        yield Found(_span(verb, last), frame.lemma, shape, speaker, content, how, says, _adjunct(verb))


def _adjunct(verb: Token) -> Span | None:
    """Whom it was said to, where and when: what stands beside the verb and is neither subject nor content."""
    last = None
    for child in verb.rights:
        if child.dep_ in ("dobj", "dative", "npadvmod", "prep", "advmod", "agent", "prt"):
            last = child.right_edge
        elif child.dep_ not in ("punct", "nsubj"):
            break
    return _span(verb, last) if last is not None else None


# -- the speaker -------------------------------------------------------------------------------------------


def _speaker(verb: Token, depth: int = 0) -> tuple[Span | None, str]:
    """The subject of a verb, its own or another verb's, and how it was found."""
    agent = _child(verb, "agent")
    if agent is not None and (one := _child(agent, "pobj")) is not None:
        return _mention(one), "agent"
    if verb.tag_ == "VBN" and (_child(verb, "auxpass") is not None or verb.dep_ in ("acl", "advcl")):
        return None, "none"
    for child in verb.children:
        if child.dep_ == "nsubj" and child.lower_ not in ("there", "what"):
            return _mention(child), "relative" if child.lower_ in _RELATIVES else "subject"
    if depth > _DEEPEST or verb.head.i == verb.i:
        return None, "none"
    return _speaker_above(verb, depth)


def _speaker_above(verb: Token, depth: int) -> tuple[Span | None, str]:
    head = verb.head
    if verb.dep_ == "acl":
        return _speaker_of_noun(verb, head, depth)
    if (
        verb.dep_ in ("xcomp", "ccomp", "advcl")
        and head.dep_ in ("acomp", "attr", "oprd")
        and not _is_verb(head)
    ):
        return _inherited(head.head, depth)  # "was quick to insist"
    if verb.dep_ == "conj" and verb.tag_ == head.head.tag_ and verb.tag_ in _TOLD and head.dep_ == "ccomp":
        above = VERBS.get(head.head.lower_)
        if above is not None and above.takes("s"):  # "said that nothing was decided and warned …"
            return _inherited(head.head, depth)
    if verb.tag_ == "VBG" and verb.dep_ in ("advcl", "conj") and head.dep_ == "ccomp":
        above = VERBS.get(head.head.lower_)
        if above is not None and above.takes("s"):  # "said that it was a gift, adding …"
            return _inherited(head.head, depth)
    if verb.dep_ in ("conj", "advcl", "xcomp", "ccomp") and _is_verb(head):
        return _inherited(head, depth)
    if verb.dep_ == "pcomp":  # "after saying", "his habit of saying"
        owner = next((child for child in head.head.lefts if child.dep_ == "poss"), None)
        return (_mention(owner), "noun") if owner is not None else _inherited(head.head, depth)
    return None, "none"


def _speaker_of_noun(verb: Token, noun: Token, depth: int) -> tuple[Span | None, str]:
    """ "a letter warning that …"; but "his wish to say", "the minister found a way to say"."""
    if verb.tag_ == "VB":
        owner = next((child for child in noun.lefts if child.dep_ == "poss"), None)
        if owner is not None:
            return _mention(owner), "noun"
        if noun.dep_ in ("dobj", "attr"):
            return _inherited(noun.head, depth)
        if noun.dep_ == "pobj":
            return _inherited(noun.head.head, depth)
    return _mention(noun), "noun"


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
        return _span(token, token)
    last = token
    for child in token.rights:
        if child.dep_ not in _OF_A_MENTION:
            break
        last = child.right_edge
    while last.i > token.i and (last.is_punct or last.dep_ == "cc" or last.is_space):
        last = last.nbor(-1)
    return _span(token.left_edge, last)


# -- what was said -----------------------------------------------------------------------------------------


def _content(verb: Token, frame: Frame) -> Content:
    """What a verb leads to: the first of the shapes that fits."""
    readers: list[Callable[[Token, Frame], Content | None]] = [_clause, _beside, _as, _object, _named, _about]
    for reader in readers:
        if found := reader(verb, frame):
            return found
    return "", []


def _clause(verb: Token, frame: Frame) -> Content | None:
    for child in verb.rights:
        if child.dep_ not in _CLAUSES:
            continue
        marks = _marks(child)
        if child.tag_ == "VB" and "to" in marks:
            if frame.takes("u" if child.dep_ == "advcl" else "tu") and not _is_passive(verb):
                return "to", [(_start_of_request(verb, child, frame), _end(verb, child))]
        elif _is_clause(child, marks, frame):
            shape = "that" if "that" in marks else "question" if marks & _QUESTIONS else "clause"
            return shape, [(child.left_edge.idx, _end(verb, child))]
    return None


def _is_clause(child: Token, marks: set[str], frame: Frame) -> bool:
    if child.dep_ == "advcl":
        return frame.takes("w") and bool(marks & _QUESTIONS)
    if child.dep_ == "xcomp" and (
        child.tag_ in ("VB", "NN", "JJ") or (child.tag_ == "VBG" and not frame.takes("o"))
    ):
        return False
    return frame.takes("smwe")


def _start_of_request(verb: Token, child: Token, frame: Frame) -> int:
    """Where "Britain to wait" begins in "urged Britain to wait", "called on Britain to wait"."""
    starts = [child.left_edge.idx]
    if frame.takes("u"):
        for one in verb.rights:
            if one.i < child.i and one.dep_ in ("dobj", "dative"):
                starts.append(one.left_edge.idx)
            elif one.i < child.i and one.dep_ == "prep" and " " in frame.lemma:
                starts += [inner.left_edge.idx for inner in one.children]
    return int(min(starts))


def _beside(verb: Token, frame: Frame) -> Content | None:
    """Content before the attribution, or on both sides: "A, she said", "A, she said, B"."""
    if not frame.takes("sme"):
        return None
    if (clause := next((child for child in verb.lefts if child.dep_ == "ccomp"), None)) is not None:
        return "before", [_subtree(clause)]
    if verb.dep_ == "parataxis" or (verb.dep_ == "ccomp" and verb.head.i > verb.i):
        head = verb.head
        if verb.left_edge.i == head.left_edge.i:
            return None
        is_split = any(child.i < verb.i and child.dep_ in ("nsubj", "nsubjpass") for child in head.children)
        return "around" if is_split or head.i > verb.i else "before", [_subtree(head)]
    return None


def _as(verb: Token, frame: Frame) -> Content | None:
    """What stands beside "as the BBC reported"."""
    if verb.dep_ != "advcl" or not frame.takes("s"):
        return None
    if not any(child.lower_ == "as" and child.dep_ in ("mark", "advmod") for child in verb.lefts):
        return None
    whole, own = _subtree(verb.head), _subtree(verb)
    return "as", [(own[1], whole[1]) if verb.head.i > verb.i else (whole[0], own[0])]


def _object(verb: Token, frame: Frame) -> Content | None:
    if not frame.takes("o"):
        return None
    if frame.lemma == "call for":
        for child in verb.rights:
            if child.dep_ in _CLAUSES and child.left_edge.lower_ == "for":
                return "to", [(child.left_edge.nbor(1).idx, _subtree(child)[1])]
    if _is_passive(verb):
        return None
    for child in verb.rights:
        start, end = _subtree(child)
        if child.dep_ == "prep" and " " in frame.lemma and (inner := next(child.children, None)) is not None:
            start = inner.left_edge.idx
        elif child.dep_ != "dobj":
            continue
        for later in verb.rights:
            is_complement = later.dep_ in ("oprd", "acl", "xcomp", "relcl")
            if later.i > child.i and (
                is_complement or (later.dep_ == "prep" and later.lower_ in _AFTER_OBJECTS)
            ):
                end = max(end, _subtree(later)[1])
        return "object", [(start, end)]
    return None


def _named(verb: Token, frame: Frame) -> Content | None:
    """ "called her a liar", "calling the plan “reckless”": the object with the name it is given."""
    if frame.lemma not in _CALLING or _is_passive(verb):
        return None
    parts: list[Token] = [child for child in verb.rights if child.dep_ not in _NOT_NAMED]
    if not parts:
        return None
    last = parts[-1].right_edge
    after = last.i + 1
    is_quoted = after < len(verb.doc) and verb.doc[after].is_quote
    if len(parts) == 1 and parts[0].dep_ != "ccomp" and not is_quoted:
        return None
    return "naming", [_span(parts[0].left_edge, verb.doc[after] if is_quoted else last)]


def _about(verb: Token, frame: Frame) -> Content | None:
    for child in verb.rights:
        inner = next(child.children, None)
        if child.dep_ == "prep" and child.lower_ in frame.prepositions and inner is not None:
            return "about", [(inner.left_edge.idx, _subtree(child)[1])]
    return None


# -- where it ends -----------------------------------------------------------------------------------------


def _end(verb: Token, clause: Token) -> int:
    """Where a clause after its cue ends: with what the parse hangs beside it by mistake, without asides."""
    last = clause.right_edge
    for later in verb.rights:
        if later.i > clause.i and _belongs(later):
            last = later.right_edge
    for token in verb.doc[clause.i + 1 : last.i + 1]:
        if (cut := _cut(verb, clause, last, token)) is not None:
            return cut
    return _span(last, last)[1]


def _belongs(later: Token) -> bool:
    if later.dep_ == "advcl" and later.tag_ != "VBG":
        return bool({child.lower_ for child in later.lefts if child.dep_ in ("mark", "advmod")} & _CONDITIONS)
    if later.dep_ == "conj":
        return later.lower_ not in VERBS and any(child.dep_ in _SUBJECTS for child in later.lefts)
    return later.dep_ in ("ccomp", "dep")


def _cut(verb: Token, clause: Token, last: Token, token: Token) -> int | None:
    """Where a clause is to be cut at a token: before the next thing that was said, or an aside of the writer's."""
    doc = verb.doc
    frame = VERBS.get(token.lower_)
    before = doc[token.i - 1]
    is_said = frame is not None and (frame.takes("so") or frame.lemma in NAMING)
    if is_said and token.tag_ == "VBG" and (before.text in ",—–-" or before.is_quote):
        return int(before.idx if before.is_punct else token.idx)
    has_subject = any(child.dep_ in ("nsubj", "nsubjpass") for child in token.lefts)
    is_next = token.dep_ == "conj" and token.tag_ == verb.tag_ and verb.tag_ in _TOLD and not has_subject
    if (
        frame
        and frame.takes("s")
        and token.dep_ == "advcl"
        and token.left_edge.lower_ == "while"
        and has_subject
    ):
        return int(token.left_edge.idx)
    if frame and frame.takes("sou") and is_next:
        first = token.left_edge
        while first.i > clause.i and doc[first.i - 1].lower_ in (",", "and", "but", "also", "then"):
            first = doc[first.i - 1]
        return int(first.idx)
    if token.dep_ in ("relcl", "advcl", "ccomp") and token.right_edge.i == last.i:
        first = token.left_edge
        if first.i > clause.i and doc[first.i - 1].text == "," and first.lower_ in _ASIDES:
            return int(doc[first.i - 1].idx)
    return None


# -- nouns and prepositions --------------------------------------------------------------------------------


def _of_noun(noun: Token) -> Iterator[Found]:
    """ "his claim that …"."""
    for child in noun.rights:
        if child.dep_ in ("acl", "ccomp", "relcl") and _is_verb(child) and "that" in _marks(child):
            speaker, how = _holder(noun)
            yield Found(_span(noun, noun), noun.lower_, "noun", speaker, [_subtree(child)], how)
            return


def _of_promise(noun: Token) -> Iterator[Found]:
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
        inner = _child(one, "pobj")
        if one.dep_ == "prep" and one.lower_ in ("by", "from", "of", "among") and inner is not None:
            return _mention(inner), "noun"
    if noun.dep_ in ("dobj", "pobj"):
        head = noun.head if noun.dep_ == "dobj" else noun.head.head
        if _is_verb(head):
            speaker, _ = _speaker(head)
            return speaker, "inherited" if speaker else "none"
    return None, "none"


def _of_source(token: Token) -> Iterator[Found]:
    """ "according to the BBC"."""
    to = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if to is None or to.lower_ != "to":
        return
    if (source := _child(to, "pobj")) is not None:
        cue, mention = _span(token, to), _mention(source)
        yield Found(cue, "according to", "according", mention, [], adjunct=_subtree(token))
