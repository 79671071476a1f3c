"""Suggestions as stored: once, never over what an editor did, and following the newest version."""

import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from annotations import suggested, tasks
from annotations.models import Act, Anchor, Finding, Quote, Reading, Status, Verb
from annotations.suggested import Outcome, read, unread
from articles.importing import save
from articles.models import Article
from articles.reading.plaintext import read_plain_text
from tests.factories import (
    NOW,
    ActorFactory,
    AliasFactory,
    ArticleFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

TEXT = (
    "The harbour minister, Ada Quill, said yesterday that the bridge would not be closed this winter.\n\n"
    "“We will repair it at night,” Ms Quill told reporters. “Nobody will be stopped.”\n\n"
    "Tom Barrow, who runs the ferries, warned that the repairs could take a year, according to the Evening Gull."
)
LATER = f"{TEXT}\n\n“That is not what we were promised,” Mr Barrow said."
SEED = next(iter(sorted((Path(__file__).parents[3] / "shared" / "seeds").glob("000_*.txt"))), None)


@pytest.fixture
def article() -> Article:
    made: Article = ArticleFactory(text=TEXT, stories=[StoryFactory()])
    return made


def look(article: Article, *, again: bool = False) -> Outcome:
    article.refresh_from_db()
    return read(article.current_version_id or 0, nlp=None, now=NOW, again=again)


def by_words(article: Article) -> dict[str, Quote]:
    found = Quote.objects.filter(article=article).with_words().select_related("finding")
    return {quote.words: quote for quote in found}


def one(article: Article, words: str) -> Quote:
    """The quote with the words; where one stands within another, the inner one."""
    return min((q for known, q in by_words(article).items() if words in known), key=lambda q: len(q.words))


def written() -> list[Any]:
    """Everything that a run could write."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Quote, Finding, Anchor, Act)
    ]  # fmt: skip


# -- what is stored ----------------------------------------------------------------------------------------


def test_what_the_engine_finds_is_stored_with_its_reasons_and_by_nobody(article):
    quill = ActorFactory(name="Ada Quill")
    outcome = look(article)
    assert outcome.added == outcome.found == Quote.objects.count() >= 3
    quote = one(article, "repair it at night")
    assert (quote.status, quote.kind, quote.cue, quote.mention) == ("suggested", "direct", "told", "Ms Quill")
    assert (quote.speaker, quote.created_by) == (quill, None)
    assert quote.finding.tier == 1
    assert quote.finding.name == "Ada Quill"
    assert "told" in quote.finding.reason
    assert "Ada Quill" in quote.finding.how_reason
    text = article.text
    assert text[slice(*quote.finding.cue_span)] == "told"
    assert text[slice(*quote.finding.mention_span)] == "Ms Quill"
    act = quote.acts.get()
    assert (act.verb, act.by, act.state["status"]) == (Verb.CREATED, None, "suggested")


def test_days_are_resolved_against_the_date_of_the_article(article):
    look(article)
    quote = one(article, "would not be closed")
    assert quote.said_expression == "yesterday"
    assert quote.said_earliest == quote.said_latest == dt.date(2019, 5, 8)


def test_a_source_is_the_outlet_of_that_name(article):
    gull = OutletFactory(name="Evening Gull")
    look(article)
    quote = Quote.objects.get(cue="according to")
    assert (quote.relayed_by_outlet, quote.speaker) == (gull, None)


def test_a_speaker_is_set_only_where_there_is_no_doubt(article):
    ActorFactory(name="Ada Quill", slug="one")
    ActorFactory(name="Ada Quill", slug="other")
    ActorFactory(name="Jim Barrow")
    look(article)
    assert {quote.speaker for quote in Quote.objects.all()} == {None}


def test_an_alias_will_do(article):
    barrow = ActorFactory(name="Thomas Barrow")
    AliasFactory(actor=barrow, name="Tom Barrow")
    look(article)
    assert one(article, "could take a year").speaker == barrow


@pytest.mark.parametrize(
    ("mention", "is_meant"),
    [
        ("Harbour Minister Ada Quill", True),
        ("the harbour minister, Ada Quill,", True),
        ("A spokesman for Ada Quill", False),
        ("Friends of Ada Quill", False),
        ("Ada Quill’s lawyer", False),
    ],
)
def test_titles_before_a_name_do_not_hide_it_and_a_spokesman_is_somebody_else(mention, is_meant):
    quill = ActorFactory(name="Ada Quill")
    text = f"{mention} said that the bridge would not be closed this winter."
    article = ArticleFactory(text=text, stories=[StoryFactory()])
    look(article)
    assert Quote.objects.get().speaker == (quill if is_meant else None)


def test_a_role_means_who_held_it_on_the_day():
    before, then = ActorFactory(name="Old Hand"), ActorFactory(name="New Broom")
    RoleFactory(actor=before, title="Harbour Secretary", until=dt.date(2018, 12, 31))
    role = RoleFactory(actor=then, title="Harbour Secretary", since=dt.date(2019, 1, 1))
    text = "The harbour secretary said yesterday that the bridge would not be closed this winter."
    article = ArticleFactory(text=text, stories=[StoryFactory()])
    look(article)
    quote = Quote.objects.get()
    assert (quote.speaker, quote.role) == (then, role)


def test_a_pronoun_is_nobody_until_somebody_says_so():
    ActorFactory(name="Ada Quill")
    text = (
        "Ada Quill, the harbour minister, said that the bridge was safe.\n\n"
        "She said that it would not be closed this winter."
    )
    article = ArticleFactory(text=text, stories=[StoryFactory()])
    look(article)
    quote = one(article, "would not be closed")
    assert (quote.speaker, quote.mention) == (None, "She")
    assert (quote.finding.how, quote.finding.name) == ("pronoun", "Ada Quill")


def test_in_another_language_only_words_in_quotation_marks_are_offered():
    text = "Die Ministerin sagte: „Die Brücke bleibt in diesem Winter offen“, und ging."
    article = ArticleFactory(text=text, language="de", stories=[StoryFactory()])
    look(article)
    assert {(q.speaker, q.cue, q.finding.tier) for q in Quote.objects.select_related("finding")} <= {
        (None, "", 5)
    }


# -- once, and never over what an editor did ---------------------------------------------------------------


def test_a_second_run_over_the_same_version_writes_nothing(article):
    ActorFactory(name="Ada Quill")
    look(article)
    before = written()
    assert look(article) == Outcome(was_read=True)
    outcome = look(article, again=True)
    assert (outcome.added, outcome.corrected, outcome.put_away) == (0, 0, 0)
    assert written() == before


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED, Status.WITHDRAWN, Status.REJECTED])
def test_words_that_a_quote_stands_on_are_not_suggested(article, status):
    quote = QuoteFactory(
        article=article, exact="repair it at night", published=status in ("published", "withdrawn")
    )
    if status == Status.REJECTED:
        quote.reject(by=quote.created_by, revision=quote.revision, now=NOW)
    if status == Status.WITHDRAWN:
        quote.withdraw(by=quote.created_by, revision=quote.revision, now=NOW, reason="Wrong.")
    look(article)
    assert [q.status for q in by_words(article).values() if "at night" in q.words] == [status]


def test_what_was_rejected_stays_rejected_in_every_version(article, editor):
    look(article)
    quote = one(article, "repair it at night")
    quote.reject(by=editor, revision=quote.revision, now=NOW)
    look(article, again=True)
    article.record_version(TEXT.replace("repair it at night", "repair it by night"), now=NOW)
    look(article)
    assert one(article, "repair it").status == Status.REJECTED


def test_what_was_accepted_is_not_suggested_again(article, editor):
    look(article)
    quote = one(article, "repair it at night")
    quote.accept(article.current_version, by=editor, revision=quote.revision, now=NOW)
    look(article, again=True)
    article.record_version(LATER, now=NOW)
    look(article)
    assert one(article, "repair it at night").status == Status.DRAFT


def test_a_new_version_keeps_what_stands_and_adds_what_is_new(article):
    look(article)
    before = {quote.uuid for quote in Quote.objects.all()}
    revisions = dict(Quote.objects.values_list("uuid", "revision"))
    article.record_version(LATER, now=NOW)
    assert look(article).added == 1
    new = one(article, "not what we were promised")
    assert new.mention == "Mr Barrow"
    kept = Quote.objects.exclude(pk=new.pk)
    assert {quote.uuid for quote in kept} == before
    assert {quote.uuid: quote.revision for quote in kept} == revisions
    # Where the cue stands is known in the new version, too.
    assert {quote.finding.version for quote in by_words(article).values()} == {article.current_version}


def test_an_untouched_suggestion_has_the_words_of_the_new_version(article):
    look(article)
    quote = one(article, "repair it at night")
    article.record_version(TEXT.replace("repair it at night", "mend it by night"), now=NOW)
    look(article)
    found = one(article, "mend it by night")
    assert (found.pk, found.status, found.version) == (quote.pk, "suggested", article.current_version)
    assert [act.by for act in found.acts.all()] == [None, None]
    before = written()
    look(article, again=True)
    assert written() == before


def test_words_that_a_new_version_gives_to_somebody_else_are_theirs(article):
    ActorFactory(name="Ada Quill")
    barrow = ActorFactory(name="Tom Barrow")
    text = TEXT.split(" “Nobody", maxsplit=1)[0] + "\n\nTom Barrow, who runs the ferries, was there."
    article.record_version(text, now=NOW)
    look(article)
    quote = one(article, "repair it at night")
    assert quote.speaker.name == "Ada Quill"
    article.record_version(text.replace("Ms Quill told", "Mr Barrow warned"), now=NOW)
    look(article)
    found = one(article, "repair it at night")
    assert (found.pk, found.status, found.words) == (quote.pk, "suggested", quote.words)
    assert (found.speaker, found.mention, found.cue) == (barrow, "Mr Barrow", "warned")
    assert found.finding.name == "Tom Barrow"
    before = written()
    look(article, again=True)
    assert written() == before


def test_the_same_name_in_a_new_version_may_be_somebody_else(article):
    for name in ("Ada Quill", "Iris Quill"):
        ActorFactory(name=name)
    look(article)
    article.record_version(TEXT.replace("Ada", "Iris"), now=NOW)
    look(article)
    assert one(article, "repair it at night").speaker.name == "Iris Quill"


def test_an_untouched_suggestion_grows_with_the_sentence(article):
    text = "Ada Quill said that the bridge would be closed all winter."
    article.record_version(text, now=NOW)
    look(article)
    article.record_version(text.replace("winter.", "winter and the ferries stopped."), now=NOW)
    look(article)
    assert Quote.objects.with_words().get().words.endswith("closed all winter and the ferries stopped")


def test_what_lost_its_words_is_put_away_and_comes_back_with_them(article):
    look(article)
    quote = one(article, "repair it at night")
    article.record_version("\n\n".join(TEXT.split("\n\n")[::2]), now=NOW)
    assert look(article).put_away == 1
    quote.refresh_from_db()
    assert quote.status == Status.REJECTED
    article.record_version(TEXT, now=NOW)
    look(article)
    quote.refresh_from_db()
    assert quote.status == Status.SUGGESTED
    assert Quote.objects.filter(article=article, status="suggested").count() == len(by_words(article))


def test_what_an_editor_touched_is_neither_corrected_nor_put_away(article, editor):
    look(article)
    quote = one(article, "repair it at night")
    quote.accept(article.current_version, by=editor, revision=quote.revision, now=NOW)
    quote.undo(by=editor, revision=quote.revision, now=NOW)
    assert quote.status == Status.SUGGESTED
    state = quote.snapshot()
    article.record_version("\n\n".join(TEXT.split("\n\n")[::2]), now=NOW)
    look(article)
    quote = Quote.objects.get(pk=quote.pk)
    assert quote.snapshot() == state


def test_dates_stay_open_while_the_article_is_undated_and_are_filled_in_once_it_is(editor):
    role = RoleFactory(
        actor=ActorFactory(name="Ada Quill"), title="Harbour Minister", since=dt.date(2019, 1, 1)
    )
    article = ArticleFactory(
        text=f"{TEXT}\n\nMr Barrow said last week that the ferries were full.",
        published_at=None,
        stories=[StoryFactory()],
    )
    look(article)
    quote, other = one(article, "would not be closed"), one(article, "ferries were full")
    assert (quote.said_expression, quote.said_earliest, quote.said_latest) == ("yesterday", None, None)
    other.accept(article.current_version, by=editor, revision=other.revision, now=NOW)

    article.published_at = NOW
    article.save()
    assert list(unread()) == [article]
    assert look(article).corrected >= 1
    quote.refresh_from_db()
    assert (quote.said_earliest, quote.said_latest) == (dt.date(2019, 5, 8), dt.date(2019, 5, 8))
    assert (quote.status, quote.role) == (Status.SUGGESTED, role)
    other.refresh_from_db()
    assert (other.status, other.said_earliest) == (Status.DRAFT, None)
    assert not unread().exists()


# -- running -----------------------------------------------------------------------------------------------


@pytest.fixture
def editor() -> User:
    made: User = EditorFactory()
    return made


def jobs() -> list[int]:
    waiting = ProcrastinateJob.objects.filter(task_name="annotations.tasks.suggest_in").order_by("id")
    return [job.args["version_id"] for job in waiting]


def test_the_newest_articles_of_stories_are_ordered_first_and_once(article):
    older = ArticleFactory(text=TEXT, stories=[StoryFactory()], published_at=NOW - dt.timedelta(days=9))
    undated = ArticleFactory(text=TEXT, stories=[StoryFactory(), StoryFactory()], published_at=None)
    ArticleFactory(text=TEXT)  # in no story
    tasks.order_suggestions(timestamp=0)
    tasks.order_suggestions(timestamp=60)
    assert jobs() == [one.current_version_id for one in (article, older, undated)]


def test_many_articles_are_ordered_some_at_a_time(article, monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 3)
    for _ in range(5):
        ArticleFactory(text=TEXT, stories=[article.stories.get()])
    tasks.order_suggestions(timestamp=0)
    tasks.order_suggestions(timestamp=60)
    assert len(jobs()) == 3
    for version in jobs():
        tasks.suggest_in(version_id=version)
    ProcrastinateJob.objects.all()._raw_delete("default")
    tasks.order_suggestions(timestamp=120)
    assert len(jobs()) == 3
    assert not Reading.objects.filter(version__in=jobs()).exists()


def test_a_job_reads_a_version_and_leaves_a_record(article):
    tasks.suggest_in(version_id=article.current_version_id)
    reading = Reading.objects.get()
    assert (reading.version, reading.published_at) == (article.current_version, article.published_at)
    assert reading.added == Quote.objects.count() > 0
    tasks.order_suggestions(timestamp=0)
    assert jobs() == []


def test_a_job_for_what_is_not_current_any_more_does_nothing(article):
    first = article.current_version_id
    article.record_version(LATER, now=NOW)
    tasks.suggest_in(version_id=first)
    tasks.suggest_in(version_id=0)
    assert not Quote.objects.exists()


def test_switched_off_nothing_is_ordered_or_read(article, settings):
    settings.SUGGESTIONS = False
    tasks.order_suggestions(timestamp=0)
    tasks.suggest_in(version_id=article.current_version_id)
    assert jobs() == []
    assert not Reading.objects.exists()


def test_what_the_engine_fails_on_is_noted_and_not_ordered_again(article, monkeypatch):
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError("too odd")

    monkeypatch.setattr(suggested, "suggest", fail)
    tasks.suggest_in(version_id=article.current_version_id)
    assert "too odd" in Reading.objects.get().error
    tasks.order_suggestions(timestamp=0)
    assert jobs() == []
    monkeypatch.undo()
    assert look(article, again=True).added
    assert Reading.objects.get().error == ""


def suggest(*args: str) -> str:
    out = StringIO()
    call_command("suggest", "--no-nlp", *args, stdout=out)
    return out.getvalue()


def test_the_command_looks_through_what_was_not_yet(article):
    loose = ArticleFactory(text=TEXT)
    said = suggest()
    assert said.startswith("1 looked through: ")
    assert f"{Quote.objects.filter(article=article).count()} new suggestions" in said
    assert suggest().startswith("0 looked through")
    assert suggest("--all").startswith("1 looked through")
    assert Quote.objects.filter(article=loose).exists()
    assert suggest("--story", article.stories.get().slug, "--again").startswith("1 looked through: 0 new")
    assert suggest("--article", str(article.pk)).startswith("0 looked through")


def test_the_command_says_what_it_does_not_know():
    for wrong in (["--story", "nothing"], ["--article", "0"]):
        with pytest.raises(CommandError, match="There is no") as failed:
            suggest(*wrong)
        assert failed.value.returncode == 2


def test_the_command_ends_with_1_where_the_engine_failed(article, monkeypatch):
    monkeypatch.setattr(suggested, "suggest", lambda *_, **__: 1 / 0)
    with pytest.raises(CommandError, match="failed on 1 of 1") as failed:
        suggest()
    assert failed.value.returncode == 1


def test_the_queries_do_not_grow_with_what_is_there(article, django_assert_max_num_queries):
    """A run that finds nothing new asks as often for a hundred suggestions as for ten."""
    many = ArticleFactory(
        text="\n\n".join(
            f"“We will repair bridge {n} at night,” Ada Quill told reporters." for n in range(40)
        ),
        stories=[StoryFactory()],
    )
    look(many)
    assert Quote.objects.filter(article=many).count() >= 40
    with django_assert_max_num_queries(16):
        look(many, again=True)


# -- the seed article --------------------------------------------------------------------------------------


@pytest.mark.skipif(SEED is None, reason="the seed article is not here")
@pytest.mark.parametrize("with_nlp", [False, True])
def test_the_seed_article(with_nlp):
    from annotations.suggesting import load_nlp

    nlp = load_nlp() if with_nlp else None
    if with_nlp and nlp is None:
        pytest.skip("spaCy is not installed")
    assert SEED is not None
    names = {name: ActorFactory(name=name) for name in ("Mike Pompeo", "Jeremy Hunt", "Jeremy Wright")}
    bbc = OutletFactory(name="BBC", domain="bbc.co.uk")
    article = save(read_plain_text(SEED.read_text(encoding="utf-8")), now=NOW, outlet=OutletFactory()).article
    StoryFactory().articles.add(article)
    assert article.current_version_id
    assert article.published_at is None
    read(article.current_version_id, nlp=nlp, now=NOW)

    def said(words: str) -> Quote:
        return one(article, words)

    for words, speaker, kind in (
        ("well known", "Mike Pompeo", "mixed"),
        ("compromise", "Jeremy Hunt", "mixed"),
        ("considering the evidence", "Jeremy Hunt", "mixed"),
        ("certainly the possibility", "Jeremy Wright", "direct"),
    ):
        assert (said(words).speaker, said(words).kind) == (names[speaker], kind), words
    threat = [
        quote for words, quote in by_words(article).items() if "cease its intelligence sharing" in words
    ]
    assert {quote.relayed_by_outlet for quote in threat} == {bbc}
    expressions = {q.said_expression for q in Quote.objects.all()} - {""}
    assert expressions & {"yesterday", "last week", "today"}
    assert not Quote.objects.filter(said_earliest__isnull=False).exists()

    article.published_at = NOW
    article.save()
    read(article.current_version_id, nlp=nlp, now=NOW)
    for quote in Quote.objects.exclude(said_expression=""):
        assert quote.said_latest, quote.said_expression
