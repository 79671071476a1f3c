import pytest

from annotations.attribution import Attribution, attribution_near, candidates, cue_near, kind_of, mention_near

WRIGHT = (
    "Mr Wright said there was “certainly the possibility of a delay” in the rollout.\n\n"
    "“If you want to do 5G fastest,” he told MPs, “then you do it without regard to security.”\n\n"
    "The government has not decided, according to the BBC."
)


def spans(text: str, *words: str) -> list[tuple[int, int]]:
    return [(text.index(part), text.index(part) + len(part)) for part in words]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["certainly the possibility of a delay"], "direct"),
        (["“certainly the possibility of a delay”"], "direct"),
        (["there was “certainly the possibility of a delay” in the rollout"], "mixed"),
        (["The government has not decided"], "indirect"),
        (["If you want to do 5G fastest", "then you do it without regard to security"], "direct"),
        (["If you want to do 5G fastest", "The government has not decided"], "mixed"),
        (["in the rollout.\n\n“If you want"], "mixed"),
    ],
)
def test_the_kind_follows_the_quotation_marks(words, kind):
    assert kind_of(WRIGHT, spans(WRIGHT, *words)) == kind


def test_a_speech_that_goes_on_in_the_next_paragraph_is_direct():
    text = "“We have not decided.\n\n“We shall in the spring,” she said."
    assert kind_of(text, spans(text, "We have not decided.\n\n“We shall in the spring,”")) == "direct"


def test_the_words_of_two_scripts_and_no_letters_at_all_have_a_kind():
    assert kind_of("他说：「我们没有决定。」", [(4, 10)]) == "direct"
    assert kind_of("So … yes", [(3, 4)]) == "indirect"


@pytest.mark.parametrize(
    ("text", "words", "cue", "mention"),
    [
        (WRIGHT, "certainly the possibility of a delay", "said", "Mr Wright"),
        (WRIGHT, "If you want to do 5G fastest", "told", "he"),
        (WRIGHT, "The government has not decided", "according to", "the BBC"),
        ("“No,” said the foreign secretary, Jeremy Hunt, on Wednesday.", "No", "said",
         "the foreign secretary, Jeremy Hunt"),
        ("But the US secretary of state, Mike Pompeo, also warned that it was unwise.", "it was unwise", "warned",
         "the US secretary of state, Mike Pompeo"),
        ("The minister yesterday urged Britain to wait.", "urged Britain to wait", "urged", "The minister"),
        ("When asked, the chairman of the committee later denied that it had met.", "it had met", "denied",
         "the chairman of the committee"),
        ("He was told “not now”. Ms Li insisted: “Later.”", "Later.", "insisted", "Ms Li"),
        ("Last week Mr Hunt added: “We wait.”", "We wait.", "added", "Mr Hunt"),
    ],
)  # fmt: skip
def test_the_cue_and_its_subject_are_found_beside_the_words(text, words, cue, mention):
    assert attribution_near(text, spans(text, words)) == Attribution(cue, mention)


def test_a_bare_quotation_takes_the_cue_of_its_paragraph():
    text = "“We wait,” Ms Li said. “It is better so.”\n\nMr Hunt warned of a delay."
    assert attribution_near(text, spans(text, "It is better so.")) == Attribution("said", "Ms Li")


def test_a_noun_and_a_passive_are_no_cues():
    text = "The claims, it was reported in the United States, were never “checked”."
    assert cue_near(text, spans(text, "checked")) == ""
    assert mention_near(text, spans(text, "checked")) == ""


def test_no_words_no_attribution():
    assert attribution_near(WRIGHT, []) == Attribution()


def test_the_names_in_a_mention_come_without_titles():
    assert list(candidates("the foreign secretary, Mr Jeremy Hunt")) == [
        "the foreign secretary, Mr Jeremy Hunt",
        "Jeremy Hunt",
    ]
    assert list(candidates("he")) == ["he"]
    assert list(candidates("the chairman of Huawei")) == ["the chairman of Huawei"]
    assert list(candidates("Mr Hunt")) == ["Mr Hunt", "Hunt"]
