import datetime as dt

from annotations import telling
from annotations.corrections import corrections

DAY = dt.datetime(2019, 5, 9, 12, 0, tzinfo=dt.UTC)


def state(status="published", **fields):
    return {"status": status, "withdrawn_reason": "", "version": 1, "speaker": 1, "spans": [[0, 5]], **fields}


def record(*acts):
    told = [act if isinstance(act, tuple) else ("edited", act) for act in acts]
    found = corrections((DAY + dt.timedelta(hours=n), *act) for n, act in enumerate(told))
    return [
        (str(telling.WHAT[c.what]), tuple(str(telling.QUOTE_FACTS[fact]) for fact in c.facts), c.reason)
        for c in found
    ]


def test_what_was_before_the_first_publication_is_not_told():
    assert record(state("draft"), state("draft", speaker=2), state(speaker=2)) == [("Published", (), "")]


def test_a_changed_fact_is_named_but_not_its_values():
    assert record(state(), state(said_earliest="2019-05-08", stances=[[4, "opposes", "", False]])) == [
        ("Published", (), ""),
        ("Changed", ("when it was said", "where it stands on the claims"), ""),
    ]


def test_a_newer_version_that_was_read_is_told_as_that():
    newer = state(version=2, spans=[[7, 12]])
    assert record(state(), ("checked", newer))[1:] == [
        ("Read again in a newer version of the article, and kept", (), "")
    ]


def test_other_words_are_told_where_an_editor_chose_them():
    newer = state(version=2, spans=[[7, 12]])
    assert record(state(), ("resized", newer))[1:] == [("Changed", ("which words are the quote",), "")]
    assert record(state(), ("resized", state(spans=[[1, 5]])))[1:] == [
        ("Changed", ("which words are the quote",), "")
    ]


def test_that_a_stance_is_to_be_checked_again_is_not_told():
    assert record(state(stances=[[4, "opposes", "", False]]), state(stances=[[4, "opposes", "", True]])) == [
        ("Published", (), "")
    ]


def test_a_withdrawal_gives_its_reason_and_what_is_between_it_and_the_next_publication_is_hidden():
    assert record(
        state(),
        state("withdrawn", withdrawn_reason="The wrong speaker."),
        state("draft", speaker=9),
        state(speaker=2),
    ) == [
        ("Published", (), ""),
        ("Taken back", (), "The wrong speaker."),
        ("Published again", ("who speaks",), ""),
    ]


def test_an_act_that_changed_nothing_that_readers_see_is_not_told():
    assert record(state(), state()) == [("Published", (), "")]
