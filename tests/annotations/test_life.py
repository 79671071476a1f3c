import pytest

from annotations.life import Fate, Spell, Standing, between, changed_since, same_words, spells


def told(*words, changed=()):
    return spells(Standing(n, one, n in changed) for n, one in enumerate(words, 1))


def test_words_that_stay_live_in_one_spell():
    life = told("We will not.", "We will not.", "We will not.")
    assert life == [Spell(1, 3, "We will not.", Fate.FIRST)]
    assert life[0].versions == "versions 1–3"


def test_reworded_removed_and_back_are_told_apart():
    life = told("We will not.", "We might not.", None, None, "We might not.")
    assert [(s.first, s.last, s.fate) for s in life] == [
        (1, 1, Fate.FIRST),
        (2, 2, Fate.REWORDED),
        (3, 4, Fate.REMOVED),
        (5, 5, Fate.BACK),
    ]


def test_typography_is_no_rewording():
    assert same_words('It "won\'t", he said - no', "It “won’t”, he said – no")
    assert len(told('"We won\'t"', "“We won’t”")) == 1
    assert not same_words("We will not", "We will now")


def test_life_begins_where_the_words_first_stand():
    assert [(s.first, s.last) for s in told(None, None, "Words", "Words")] == [(3, 4)]
    assert told(None, None) == []


def test_the_same_words_beside_another_speaker_are_a_spell_of_their_own():
    life = told("Words", "Words", "Words", changed={2, 3})
    assert [(s.first, s.last, s.fate) for s in life] == [(1, 1, Fate.FIRST), (2, 3, Fate.SURROUNDED)]
    assert changed_since(life, 1) == life[1]
    assert changed_since(life, 2) is None


def test_what_changed_since_a_version_is_how_the_words_stand_now():
    life = told("We will not.", "We might not.", "We may not.")
    assert changed_since(life, 1).first == 3
    assert changed_since(life, 2).first == 3
    assert changed_since(life, 3) is None


def test_words_that_came_back_as_they_were_have_not_changed():
    assert changed_since(told("We will not.", None, "We will not."), 1) is None
    assert changed_since(told("We will not.", None), 1).fate is Fate.REMOVED


@pytest.mark.parametrize(
    ("one", "other", "fate"),
    [
        (1, 2, None),  # not there yet
        (2, 3, Fate.FIRST),
        (3, 4, Fate.REWORDED),
        (4, 5, Fate.REMOVED),
        (5, 6, None),
        (6, 7, Fate.BACK),
        (4, 7, None),
        (7, 8, Fate.SURROUNDED),
        (1, 8, Fate.FIRST),
        (3, 8, Fate.REWORDED),
    ],
)
def test_what_became_of_words_between_two_versions(one, other, fate):
    life = told(
        None, None, "We will not.", "We may not.", None, None, "We may not.", "We may not.", changed={8}
    )
    assert between(life, one, other) == fate


def test_nothing_became_of_words_that_never_stood_there():
    assert between([], 1, 2) is None
