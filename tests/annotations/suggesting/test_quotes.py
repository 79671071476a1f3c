"""What is suggested for sentences written for these tests; by rules alone and, where it is installed, with spaCy."""

import datetime as dt

import pytest

from annotations.suggesting import Basis, How, Kind, Suggestion, Tier, load_nlp, suggest

WEDNESDAY = dt.date(2019, 5, 8)


@pytest.fixture(params=["rules", "spacy"])
def nlp(request: pytest.FixtureRequest):
    if request.param == "rules":
        return None
    loaded = load_nlp()
    if loaded is None:
        pytest.skip("spaCy and its small English model are not installed")
    return loaded


def words(text: str, made: Suggestion) -> str:
    return " … ".join(text[start:end].strip(" ,.") for start, end in made.spans)


def told(text: str, nlp) -> list[tuple[str, str, str, str]]:
    """Speaker, cue, kind, words."""
    found = suggest(text, published=None, nlp=nlp)
    return [(made.mention, made.cue, made.kind.value, words(text, made)) for made in found]


SENTENCES = [
    # direct
    ("“We have not decided,” Mr Hunt said.", ("Mr Hunt", "said", "direct", "“We have not decided,”")),
    ("“We have not decided,” said Mr Hunt.", ("Mr Hunt", "said", "direct", "“We have not decided,”")),
    ('"We have not decided," the minister told reporters on Friday.',
     ("the minister", "told", "direct", '"We have not decided,"')),
    ("''We have not decided,'' said the minister.", ("the minister", "said", "direct", "''We have not decided,''")),
    ("Mr Hunt said: “We have not decided.”", ("Mr Hunt", "said", "direct", "“We have not decided.”")),
    ("Mr Hunt told the BBC on Monday, “We have not decided.”",
     ("Mr Hunt", "told", "direct", "“We have not decided.”")),
    ("“If you want it fast,” Mr Wright said, “then you do it badly.”",
     ("Mr Wright", "said", "direct", "“If you want it fast,” … “then you do it badly.”")),
    ("“We wait. We listen,” she said. “Nobody has decided anything yet.”",
     ("she", "said", "direct", "“We wait. We listen,” … “Nobody has decided anything yet.”")),
    ("“It is over,” said Jane Field, a lawyer who has advised ministers. “Nobody can mend it.”",
     ("Jane Field", "said", "direct", "“It is over,” … “Nobody can mend it.”")),
    ("As the crowd left, the mayor said, “Please go home now.”",
     ("the mayor", "said", "direct", "“Please go home now.”")),
    ("“Apparently not,“ Mr Hunt said.", ("Mr Hunt", "said", "direct", "“Apparently not,“")),  # the wrong mark
    # mixed
    ("Mr Hunt said the country would never “compromise” its position.",
     ("Mr Hunt", "said", "mixed", "the country would never “compromise” its position")),
    ("The plan would “cost too much for too little,” the mayor said.",
     ("the mayor", "said", "mixed", "The plan would “cost too much for too little,”")),
    ("Ms Li claimed that the ban was “a gift to rivals.”",
     ("Ms Li", "claimed", "mixed", "that the ban was “a gift to rivals.”")),
    # indirect, with and without "that"
    ("The minister warned that the network would be late.",
     ("The minister", "warned", "indirect", "that the network would be late")),
    ("Mr Wright said he could not give a date.", ("Mr Wright", "said", "indirect", "he could not give a date")),
    ("She told lawmakers that the report would come soon.",
     ("She", "told", "indirect", "that the report would come soon")),
    ("He told reporters in Berlin on Friday that talks had failed.",
     ("He", "told", "indirect", "that talks had failed")),
    ("The company has repeatedly denied that it spied for anybody.",
     ("The company", "denied", "indirect", "that it spied for anybody")),
    ("The network will be late, the minister said.",
     ("the minister", "said", "indirect", "The network will be late")),
    # questions, requests, promises
    ("Mr Wright asked whether the network was safe.",
     ("Mr Wright", "asked", "indirect", "whether the network was safe")),
    ("Mr Pompeo urged Britain to think of its allies.",
     ("Mr Pompeo", "urged", "indirect", "Britain to think of its allies")),
    ("The opposition called on the prime minister to resign at once.",
     ("The opposition", "called on", "indirect", "the prime minister to resign at once")),
    ("Mr Hunt vowed to publish the whole report.",
     ("Mr Hunt", "vowed", "indirect", "to publish the whole report")),
    # objects
    ("Mr Field condemned the sale of the network to a rival.",
     ("Mr Field", "condemned", "indirect", "the sale of the network to a rival")),
    # appositions, relative clauses, nouns
    ("Jeremy Wright, the culture secretary, said that the network would be late.",
     ("Jeremy Wright", "said", "indirect", "that the network would be late")),
    ("The committee had a letter warning that the network was unsafe.",
     ("a letter", "warning", "indirect", "that the network was unsafe")),
    ("Officials dismissed his claim that the network was unsafe.",
     ("his", "claim", "indirect", "that the network was unsafe")),
    # speech before its attribution, whatever hangs on the subject or follows the verb
    ("“We were never asked,” a voice in the film says.",
     ("a voice", "says", "direct", "“We were never asked,”")),
    ("“We were never asked,” Jane Field, who led the inquiry, said.",
     ("Jane Field", "said", "direct", "“We were never asked,”")),
    ("“Who pays for the bridge?” the harbour master told reporters, pointing to a letter that the council had sent.",
     ("the harbour master", "told", "direct", "“Who pays for the bridge?”")),
    ("“It rained all night,” the ferryman recalled last week.",
     ("the ferryman", "recalled", "direct", "“It rained all night,”")),
    ("“Nobody reads these reports,” the clerk snorted.",
     ("the clerk", "snorted", "direct", "“Nobody reads these reports,”")),
    ("“We wait,” the clerk told reporters in a hall that was cold.",
     ("the clerk", "told", "direct", "“We wait,”")),
    # speech after it
    ("At the hearing in Kiel, the ferryman retorted: “There is no safer boat.”",
     ("the ferryman", "retorted", "direct", "“There is no safer boat.”")),
    ("The judge asked the witness “Where were you on the night of the storm?”",
     ("The judge", "asked", "direct", "“Where were you on the night of the storm?”")),
    # quotation marks around the beginning of a clause, or its end
    ("Mr Hunt said “not one” ship would be turned away.",
     ("Mr Hunt", "said", "mixed", "“not one” ship would be turned away")),
    ("The bridge, closed since the storm, “is as safe as any other,” the engineer said.",
     ("the engineer", "said", "mixed", "The bridge, closed since the storm, “is as safe as any other,”")),
    ("The film, titled “Who Pays?”, claims that the port was “sold for nothing.”",
     ("The film", "claims", "mixed", "that the port was “sold for nothing.”")),
    # names given
    ("The mayor called the plan “a disgrace.”", ("The mayor", "called", "mixed", "the plan “a disgrace.”")),
    ("The mayor described the harbour as “a ruin.”",
     ("The mayor", "described", "mixed", "the harbour as “a ruin.”")),
    # an attribution within its clause
    ("It is a loan, the bankers say, that nobody will ever repay.",
     ("the bankers", "say", "indirect", "It is a loan … that nobody will ever repay")),
    ("If the talks fail, he said, the port can still be sold.",
     ("he", "said", "indirect", "If the talks fail … the port can still be sold")),
    # where a clause ends
    ("While critics say that the bridge is unsafe, the mayor has never closed it.",
     ("critics", "say", "indirect", "that the bridge is unsafe")),
    ("Jane Field, who said that the bridge was unsafe, left the board in May.",
     ("who", "said", "indirect", "that the bridge was unsafe")),
    ("The engineers announced a plan that would cost millions, and said that the bridge was unsafe.",
     ("The engineers", "said", "indirect", "that the bridge was unsafe")),
    ("Most engineers in the north say they were never asked.",
     ("Most engineers", "say", "indirect", "they were never asked")),
    # nouns
    ("The council heard her repeated claim that the bridge was unsafe.",
     ("her", "claim", "indirect", "that the bridge was unsafe")),
    ("Nobody heard the mayor’s promise to close the bridge at once.",
     ("the mayor", "promise", "indirect", "to close the bridge at once")),
    ("“We were never asked,” Jane Field (Green) said.",
     ("Jane Field", "said", "direct", "“We were never asked,”")),
    ("Asked whether the bridge was safe, the mayor replied: “Ask the engineers.”",
     ("the mayor", "replied", "direct", "“Ask the engineers.”")),
    ("The mayor called the plan “a disgrace” for the whole coast.",
     ("The mayor", "called", "mixed", "the plan “a disgrace” for the whole coast")),
    ("The mayor is telling everybody on the quay how the bridge was saved.",
     ("The mayor", "telling", "indirect", "how the bridge was saved")),
    ("The clerk clarified that the mayor left and tried to say nothing.",
     ("The clerk", "clarified", "indirect", "that the mayor left and tried to say nothing")),
    ("The mayor said that the bridge was safe, calling its critics children.",
     ("The mayor", "said", "indirect", "that the bridge was safe")),
    ("“Nobody was asked about this bridge,” a voice over says.",
     ("a voice", "says", "direct", "“Nobody was asked about this bridge,”")),
    ("Mr Hunt shot back: “Then read the report.”", ("Mr Hunt", "shot back", "direct", "“Then read the report.”")),
    ("Mr Hunt asked, “Who pays?” and, “Who decides?”",
     ("Mr Hunt", "asked", "mixed", "“Who pays?” and, “Who decides?”")),
    ("The water is rising again - Jane Field: “Nobody believed us when we said that it would.”",
     ("Jane Field", ":", "direct", "“Nobody believed us when we said that it would.”")),
    ("“Nobody believed us when we warned them.”\n\n— Jane Field",
     ("Jane Field", "—", "direct", "“Nobody believed us when we warned them.”")),
    ("“We wait,” Mr Wright told the BBC after hinting that “much may change.” “We listen to everybody.”",
     ("Mr Wright", "told", "direct", "“We wait,” … “We listen to everybody.”")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text[:50] for text, _ in SENTENCES])
def test_a_sentence_gives_its_words_speaker_and_cue(text, expected, nlp):
    mention, cue, kind, said = expected
    found = [one for one in told(text, nlp) if one[1] == cue]
    assert [(one[0].startswith(mention) or mention in one[0], *one[1:]) for one in found] == [
        (True, cue, kind, said.strip(" ,."))
    ]


def test_the_subject_is_taken_over_by_a_participle(nlp):
    text = "Mr Hunt said that nothing had been decided, adding that the evidence was weighed."
    assert told(text, nlp) == [
        ("Mr Hunt", "said", "indirect", "that nothing had been decided"),
        ("Mr Hunt", "adding", "indirect", "that the evidence was weighed"),
    ]


def test_the_subject_is_taken_over_by_a_second_verb_and_the_cues_are_cut_apart(nlp):
    text = "Mr Hunt said that nothing had been decided and warned that a leak would be punished."
    assert told(text, nlp) == [
        ("Mr Hunt", "said", "indirect", "that nothing had been decided"),
        ("Mr Hunt", "warned", "indirect", "that a leak would be punished"),
    ]


def test_a_main_clause_after_the_speech_has_words_of_its_own(nlp):
    text = "While the mayor said there was money, she said nobody could spend it."
    assert [one[1:] for one in told(text, nlp)] == [
        ("said", "indirect", "there was money"),
        ("said", "indirect", "nobody could spend it"),
    ]


def test_a_participle_after_a_comma_in_quotation_marks_begins_another_quote(nlp):
    text = "The mayor said that the bridge was “a gift,” stating on Monday that it would “outlive us all.”"
    assert told(text, nlp) == [
        ("The mayor", "said", "mixed", "that the bridge was “a gift,”"),
        ("The mayor", "stating", "mixed", "that it would “outlive us all.”"),
    ]


def test_speech_after_a_colon_is_its_own_where_its_own_attribution_follows(nlp):
    text = "The mayor declared the need for patience: “Wait until the water falls,” she said."
    assert told(text, nlp)[-1] == ("she", "said", "direct", "“Wait until the water falls,”")
    assert not any("“" in one[3] for one in told(text, nlp)[:-1])


def test_a_paragraph_that_is_all_quotation_goes_on_with_the_speech_before_it(nlp):
    text = "“We wait,” Mr Wright said.\n\n“We have waited for years, and we can wait longer.”\n\nIt rained."
    [made] = suggest(text, published=None, nlp=nlp)
    assert words(text, made) == "“We wait,” … “We have waited for years, and we can wait longer.”"


def test_a_joining_word_before_a_quotation_does_not_end_the_speech(nlp):
    text = "“We wait,” Mr Wright said. Instead, “they build a second bridge.”"
    [made] = suggest(text, published=None, nlp=nlp)
    assert words(text, made) == "“We wait,” … Instead, “they build a second bridge.”"


def test_a_that_which_stands_for_a_noun_begins_nothing_said(nlp):
    text = "The engineers proposed a bridge that would last for a century."
    assert not any(said.startswith("that ") for *_, said in told(text, nlp))


def test_an_aside_of_the_writer_is_no_part_of_the_quote(nlp):
    text = "Mr Wright said that the network could be late, which is curious."
    assert told(text, nlp) == [("Mr Wright", "said", "indirect", "that the network could be late")]


def test_what_is_told_at_second_hand_is_one_suggestion(nlp):
    text = "Mr Hunt said that the company had promised to open its books."
    assert told(text, nlp) == [
        ("Mr Hunt", "said", "indirect", "that the company had promised to open its books")
    ]


def test_according_to_a_person_names_the_speaker(nlp):
    text = "The network will be late, according to Jane Field."
    assert told(text, nlp) == [("Jane Field", "according to", "indirect", "The network will be late")]


def test_a_headline_with_a_colon_names_its_speaker(nlp):
    text = "Jeremy Hunt: No decision on the network yet\n\nThe committee meets in May."
    assert ("Jeremy Hunt", ":", "indirect", "No decision on the network yet") in told(text, nlp)


def test_a_quotation_in_the_next_paragraph_belongs_to_the_line_that_leads_to_it(nlp):
    text = "Mr Wright then told lawmakers this:\n\n“We are not prepared to do that.”"
    assert ("Mr Wright", "told", "direct", "“We are not prepared to do that.”") in told(text, nlp)


def test_a_quotation_that_is_not_closed_goes_on_in_the_next_paragraph(nlp):
    text = "“We wait,” Mr Wright said. “We listen to everybody.\n\n“Then we decide.”"
    found = [one for one in told(text, nlp) if one[1] == "said"]
    assert found == [
        ("Mr Wright", "said", "direct", "“We wait,” … “We listen to everybody … “Then we decide.”")
    ]


def test_a_block_quotation_is_quoted_without_marks(nlp):
    text = "The letter said:\n\nWe shall not wait any longer for an answer.\n\nThe minister was away."
    [made] = suggest(text, published=None, kinds={1: "blockquote"}, nlp=nlp)
    assert made.kind is Kind.DIRECT
    assert words(text, made) == "We shall not wait any longer for an answer"


def test_a_bare_quotation_is_offered_without_a_speaker(nlp):
    text = "The room was full.\n\n“There is certainly the possibility of a delay in all this.”"
    [made] = suggest(text, published=None, nlp=nlp)
    assert (made.tier, made.mention, made.cue, made.speaker.name) == (Tier.BARE, "", "", "")
    assert words(text, made) == "“There is certainly the possibility of a delay in all this.”"


@pytest.mark.parametrize(
    "text",
    [
        "The claims were filed in March.",
        "The state of the network worries nobody.",
        "Mr Hunt criticised her.",
        "The report is 200 pages long.",
        "He walked to the station and bought a paper.",
        "",
        "\n\n",
    ],
)
def test_what_attributes_nothing_gives_nothing(text, nlp):
    assert suggest(text, published=None, nlp=nlp) == []


def test_what_stands_in_quotation_marks_is_not_read_for_further_attributions(nlp):
    text = "“He told me that she had said it was safe,” Mr Field said."
    assert [one[1] for one in told(text, nlp)] == ["said"]


def test_other_languages_give_the_quotations_only(nlp):
    text = "Der Minister sagte: „Wir haben noch nichts in dieser Sache entschieden.“"
    assert suggest(text, published=None, language="de", nlp=nlp) == []
    bare = "„Wir haben noch nichts in dieser Sache entschieden.“"
    assert [made.tier for made in suggest(bare, published=None, language="de-AT", nlp=nlp)] == [Tier.BARE]


# -- tiers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("“We have not decided,” Mr Hunt said.", Tier.QUOTED),
        ("Mr Hunt said that nothing had been decided.", Tier.SAID),
        ("Mr Hunt speculated that nothing had been decided.", Tier.ATTRIBUTED),
        ("Mr Hunt urged Britain to think of its allies.", Tier.LOOSE),
    ],
)
def test_the_tier_follows_the_verb_and_what_it_leads_to(text, tier, nlp):
    [made] = suggest(text, published=None, nlp=nlp)
    assert made.tier is tier
    assert made.reason.endswith((".", "?"))


# -- who is meant ------------------------------------------------------------------------------------------

ARTICLE = (
    "Foreign Secretary Jeremy Hunt met Jane Field, the chief scientist, on Monday.\n\n"
    "{}\n\nThe committee meets again in May."
)


@pytest.mark.parametrize(
    ("sentence", "name", "how"),
    [
        ("“We have not decided,” Jeremy Hunt said.", "Jeremy Hunt", How.NAME),
        ("“We have not decided,” Mr Hunt said.", "Jeremy Hunt", How.SURNAME),
        ("“We have not decided,” the foreign secretary said.", "Jeremy Hunt", How.ROLE),
        ("“We have not decided,” the chief scientist said.", "Jane Field", How.ROLE),
        ("“We have not decided,” the driver said.", "", How.NONE),
        ("“We wait,” Mr Hunt said. “Not long.” He added: “We listen.”", "Jeremy Hunt", How.PRONOUN),
        ("“We have not decided,” they said.", "", How.NONE),
    ],
)
def test_a_mention_is_resolved_within_the_article(sentence, name, how, nlp):
    text = ARTICLE.format(sentence)
    made = suggest(text, published=None, nlp=nlp)[-1]
    assert (made.speaker.name, made.speaker.how) == (name, how)
    assert made.speaker.reason
    if made.speaker.mention:
        assert text[slice(*made.speaker.mention)] == name


def test_a_pronoun_never_gets_a_name_of_the_other_gender(nlp):
    text = "“We wait,” Mr Hunt said.\n\nMrs Li was away. She added: “We listen to everybody.”"
    made = suggest(text, published=None, nlp=nlp)[-1]
    assert made.mention == "She"
    assert made.speaker.name != "Hunt"


# -- when, through whom, on what basis ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expression", "earliest"),
    [
        ("Mr Hunt said yesterday that nothing had been decided.", "yesterday", dt.date(2019, 5, 7)),
        ("“We wait,” Mr Hunt told the BBC on Monday.", "Monday", dt.date(2019, 5, 6)),
        ("Mr Hunt met the press today. He said nothing had been decided.", "today", WEDNESDAY),
    ],
)
def test_a_day_beside_the_attribution_is_resolved_once_the_article_has_one(text, expression, earliest, nlp):
    [undated] = suggest(text, published=None, nlp=nlp)
    [dated] = suggest(text, published=WEDNESDAY, nlp=nlp)
    assert undated.said and dated.said
    assert expression in undated.said.expression
    assert (undated.said.earliest, undated.said.latest) == (None, None)
    assert dated.said.earliest == earliest
    assert text[slice(*dated.said.span)] == dated.said.expression


@pytest.mark.parametrize(
    "text",
    [
        "Mr Hunt said that the talks had ended yesterday.",
        "“We met yesterday,” Mr Hunt said.",
        "On 7 June she will go, and “we shall miss her,” Mr Hunt said.",
        "Mr Wright said that the network would be late, which is curious as a company opened one today.",
    ],
)
def test_a_day_within_the_quote_or_to_come_or_in_the_writers_aside_is_not_when_it_was_said(text, nlp):
    assert [made.said for made in suggest(text, published=WEDNESDAY, nlp=nlp)] == [None]


def test_according_to_an_outlet_is_the_relay_of_what_its_sentence_tells(nlp):
    text = "Mr Pompeo said that America would stop sharing what it knows, according to the BBC."
    found = suggest(text, published=None, nlp=nlp)
    assert {made.relay.name for made in found if made.relay} == {"the BBC"}
    said = next(made for made in found if made.cue == "said")
    assert said.mention == "Mr Pompeo"
    assert said.relay is not None


def test_what_an_outlet_reported_has_it_as_relay_and_no_speaker(nlp):
    text = "The Daily Telegraph reported that the network would be built by two companies."
    [made] = suggest(text, published=None, nlp=nlp)
    assert made.relay and made.relay.name == "The Daily Telegraph"
    assert (made.mention, made.speaker.name) == ("", "")


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Mr Hunt said that nothing had been decided.", Basis.ON_RECORD),
        ("Officials said that nothing had been decided.", Basis.ANONYMOUS),
        ("Jane Field, who was not authorised to speak, said that nothing had been decided.", Basis.ANONYMOUS),
        ("A leaked memo said that nothing had been decided.", Basis.LEAK),
        ("The committee’s report said that nothing had been decided.", Basis.DOCUMENT),
    ],
)
def test_the_basis_is_read_from_the_mention(text, basis, nlp):
    [made] = suggest(text, published=None, nlp=nlp)
    assert made.basis is basis
