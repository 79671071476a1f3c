"""Every page that a person can see, in every state that it can be in: what the browser's tests walk through.

A page is reached by its address, which is made once the data is there; a state by what a person does on the page.
No state here writes anything, so that all of them can share a site.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from annotations.duplicates import catch_up as compare_names
from annotations.joining import catch_up
from annotations.models import Actor, Claim, Event, Quote, Status
from annotations.sample import load
from annotations.suggested import read
from articles.bulk import applying, orders, staging
from articles.models import Article, Import, ImportSource, Story
from newsdesk import errors
from tests.browser.hands import drag_over
from tests.factories import (
    NOW,
    ActorFactory,
    AdministratorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    OutletFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
    UserFactory,
)

SEEDS = Path(__file__).parents[2] / "seeds"
UNBREAKABLE = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = (
    "قال الوزير إن الشبكة الجديدة ستتأخر بسبب المراجعة.\n\n"
    "«لن نساوم على الأمن»، قال الوزير للنواب يوم الثلاثاء. «لكننا لم نقرر بعد»."
)
ODD = (
    f"{UNBREAKABLE} said that <b>nothing</b> & nobody would “be delayed” 📡📡.\n\n"
    f"“We never said {UNBREAKABLE * 2},” the minister told https://courier.example/{'a' * 120} on Tuesday.\n\n"
    "One step.\n\nAnother step.\n\nA heading\n\nThe end."
)


# What is in the sites.


def furnish() -> None:
    """The sample story, and what it lacks: something for every state."""
    editor = EditorFactory(username="editor", first_name="Ed", last_name="Editor")
    EditorFactory(username="newcomer", first_name="Nia", last_name="Newcomer")
    UserFactory(username="reader")
    AdministratorFactory(username="administrator")
    load(SEEDS, by=editor)
    StoryFactory(slug="nothing-yet", title="A story with nothing in it yet", summary="")
    StoryFactory(slug="draft", title="A story that readers do not see", status=Story.Status.DRAFT)
    odd = StoryFactory(slug="odd", title=f"Odd texts from {UNBREAKABLE}", summary=UNBREAKABLE * 2)
    claim = ClaimFactory(story=odd, text=f"The {UNBREAKABLE} should be dissolved at once.", slug="dissolved")
    empty = Story.objects.get(slug="nothing-yet")
    ClaimFactory(story=empty, text=f"The {UNBREAKABLE} is a myth.", slug="myth", number=9).retire(
        by=editor, now=NOW, reason=f"Nobody ever said so of {UNBREAKABLE}."
    )
    article = ArticleFactory(
        headline=f"<i>{UNBREAKABLE}</i> warns",
        byline=f"{UNBREAKABLE} & Sam Sample",
        outlet=OutletFactory(name=f"The {UNBREAKABLE} Post"),
        text=ODD,
        published_at=None,
        image_caption=UNBREAKABLE,
        author_bio=f"{UNBREAKABLE} has covered {UNBREAKABLE * 2}.",
        stories=[odd],
    )
    article.record_version(
        f"{ODD}\n\nCorrected.",
        now=NOW,
        reason=f"A word was wrong: {UNBREAKABLE}",
        kinds={4: "heading", 2: "list-item"},
    )
    speaker = ActorFactory(name=f"Minister {UNBREAKABLE}", slug="minister-odd", description=UNBREAKABLE)
    quote = QuoteFactory(
        article=article,
        by=editor,
        exact=f"We never said {UNBREAKABLE}",
        speaker=speaker,
        said_earliest=None,
        said_latest=None,
        said_expression="on Tuesday",
        published=True,
    )
    StanceFactory(quote=quote, claim=claim, position="unclear", note=f"On {UNBREAKABLE}.")
    QuoteFactory(article=article, by=editor, exact="be delayed", speaker=None, status=Status.SUGGESTED)
    EventFactory(
        story=odd,
        by=editor,
        title=f"{UNBREAKABLE} meets",
        place=UNBREAKABLE,
        source_url=f"https://e.example/{'x' * 300}",
    )
    arabic = ArticleFactory(
        headline="الوزير يحذر من التأخير",
        language="ar",
        text=ARABIC,
        stories=[odd],
        url="https://courier.example/ar",
    )
    heard = QuoteFactory(article=arabic, by=editor, exact="لن نساوم على الأمن", published=True)
    QuoteFactory(article=arabic, by=editor, exact="على الأمن", published=True)  # a part of the other
    correct(heard, editor)
    ArticleFactory(headline="An article that nobody has annotated", published_at=None)
    other_hunt = ActorFactory(name="Jeremy Hunt", slug="another-jeremy-hunt")
    AliasFactory(actor=other_hunt, name="Hunt")
    ActorFactory(name=f"The {UNBREAKABLE} minister", slug="merged", merged_into=other_hunt)
    ActorFactory(name=f"{UNBREAKABLE}", slug="minister-odder", description=UNBREAKABLE * 2)
    compare_names(NOW)
    look_for_quotes()
    leave_decisions(editor)
    carry_in_several_outlets(editor)
    bring_files_in()


def correct(quote: Quote, editor: User) -> None:
    """Every kind of correction, with odd words in each."""
    quote.edit(
        by=editor,
        revision=quote.revision,
        now=NOW,
        cue=UNBREAKABLE[:80],
        mention=UNBREAKABLE,
        speaker=Actor.objects.get(slug="minister-odd"),
        said_earliest=None,
        said_expression=UNBREAKABLE,
    )
    start, end = quote.spans()[0]
    quote.resize(quote.version, [(start + 3, end)], by=editor, revision=quote.revision, now=NOW)
    quote.set_stance(
        Claim.objects.get(slug="dissolved"), "mixed", by=editor, revision=quote.revision, now=NOW
    )
    event = EventFactory(story=Story.objects.get(slug="odd"), by=editor, title="A meeting", published=True)
    event.edit(
        by=editor, revision=event.revision, now=NOW, title=f"A meeting of {UNBREAKABLE}", place="London"
    )
    event.withdraw(by=editor, revision=event.revision, now=NOW, reason=f"It was the {UNBREAKABLE * 2}.")


def look_for_quotes() -> None:
    """Suggestions of the engine: in the sample, and in an article with a pronoun and names that nobody has."""
    unknown = ArticleFactory(
        headline="The bridge will be repaired at night",
        text=(
            f"Ada Quill, the harbour minister, spoke of {UNBREAKABLE}.\n\n"
            "“We will repair it at night,” Ms Quill told reporters yesterday.\n\n"
            "“Nobody will be stopped for long,” she said.\n\n"
            f"The repairs could take a year, according to the {UNBREAKABLE} Gull."
        ),
        stories=[Story.objects.get(slug="huawei-5g")],
    )
    for article in (
        unknown,
        *Article.objects.filter(outlet__is_sample=True, stories__slug="huawei-5g").order_by("id"),
    ):
        if article.current_version_id:
            read(article.current_version_id, nlp=None, now=NOW)


def suggestion(mention: str) -> Callable[[], object]:
    return lambda: Quote.objects.suggested().filter(mention=mention).order_by("id").first().uuid


def to_take() -> Quote:
    """A suggestion whose words can be taken as a claim."""
    found = Quote.objects.suggested().filter(kind="indirect", finding__tier__lte=2).order_by("id").first()
    assert found is not None
    return found


def claim_to_take() -> str:
    return reverse("desk:claim-new", args=["huawei-5g"]) + f"?quote={to_take().uuid}"


def claim_alike() -> str:
    """The form for a claim on words that are like a claim of the story."""
    claims = Claim.objects.filter(story=sample())
    quotes = Quote.objects.filter(article__stories=sample()).with_words().order_by("id")
    found = next(quote for quote in quotes if claims.alike(quote.words).exists())
    return reverse("desk:claim-new", args=["huawei-5g"]) + f"?quote={found.uuid}"


def refuse_the_claim(page: Page) -> None:
    page.get_by_label("Claim", exact=True).fill("Is it?")
    page.get_by_role("button", name="Add the claim").click()
    expect(page.get_by_text("This is a question")).to_be_visible()


BEFORE = (
    "“We will not compromise on security,” Mr Hunt told reporters. “But we have not decided yet,” he said.\n\n"
    "Mr Hunt said no final decision had been made about the network.\n\n"
    f"Mr Wright said that the {UNBREAKABLE} could be kept out of the core."
)
AFTER = (
    "“We will hardly compromise on security,” Mr Hunt told reporters.\n\n"
    "Mr Wright said no final decision had been made about the old network.\n\n"
    "Later Mr Hunt insisted that a final decision about the network had not been made.\n\n"
    f"Mr Wright denied that the {UNBREAKABLE} could be kept out of the core."
)


def leave_decisions(editor: User) -> None:
    """An outlet has changed and removed words of quotes and of an event's evidence; nobody has looked yet."""
    article = ArticleFactory(
        headline="Hunt and Wright on the network", text=BEFORE, stories=[sample()], published_at=None
    )

    def span(words: str) -> tuple[int, int]:
        start = BEFORE.index(words)
        return start, start + len(words)

    for speaker, *parts in (
        ("jeremy-hunt", "We will not compromise on security,", "But we have not decided yet,"),
        ("jeremy-hunt", "no final decision had been made about the network"),
        ("jeremy-wright", f"the {UNBREAKABLE} could be kept out of the core"),
    ):
        quote = Quote.draft(
            article.current_version,
            [span(words) for words in parts],
            by=editor,
            now=NOW,
            speaker=Actor.objects.get(slug=speaker),
            stances={claim(): "opposes"},
        )
        quote.publish(by=editor, revision=quote.revision, now=NOW)
    EventFactory(
        story=sample(),
        by=editor,
        title=f"The {UNBREAKABLE} is discussed",
        evidence=[(article.current_version, *span("We will not compromise on security"))],
    )
    article.record_version(AFTER, now=NOW, headline="Hunt and Wright on their network", reason="Corrected.")


SPOKEN = (
    f"We will mend the old harbour bridge at night, and the {UNBREAKABLE} will have to pay for all of it."
)


def carry_in_several_outlets(editor: User) -> None:
    """The same words of two speakers in three outlets and in two, which nobody has joined yet."""
    story = StoryFactory(slug="bridge", title="The old harbour bridge")
    outlets = [OutletFactory(), OutletFactory(name=f"The {UNBREAKABLE} Crier"), OutletFactory()]
    for slug, *carried in (
        ("jeremy-wright", SPOKEN, SPOKEN[:44], f"{SPOKEN[:44]} … the {UNBREAKABLE} will surely have to pay"),
        ("minister-odd", SPOKEN, SPOKEN[45:]),
    ):
        for number, words in enumerate(carried):
            article = ArticleFactory(
                headline=f"On the bridge, {number}: {UNBREAKABLE}",
                text=f"“{words},” the minister said.",
                stories=[story],
                outlet=outlets[number],
            )
            QuoteFactory(
                article=article,
                by=editor,
                exact=words,
                speaker=Actor.objects.get(slug=slug),
                published=number > 0,
                said_expression="today",
            )
    catch_up(NOW)


def bring_files_in() -> None:
    """An import in each stage; one of them has rows of every outcome, with odd words in them."""
    words = " ".join(f"word{number}" for number in range(80))
    ArticleFactory(
        headline="The original", outlet=OutletFactory(name="The Wire"), text=f"{words} at its end."
    )

    def line(number: int, headline: str = "", at: str = "2019-05-09T10:00:00Z", body: str = "") -> str:
        values = (headline or f"Council meets again, part {number}", f"https://post.example/{number}", at)
        return ";".join([*values, body or f"The council met on Monday. It was meeting number {number}."])

    def upload(name: str, *lines: str, **options: Any) -> Import:
        data = "\n".join(["headline;url;published_at;body", *lines]).encode()
        return orders.upload(
            io.BytesIO(data), name, now=timezone.now(), by=account("administrator"), start=False, **options
        )

    outlet = OutletFactory(name="The Import Post", domain="post.example")
    source = ImportSource.objects.create(
        name=f"Archive of {UNBREAKABLE}",
        outlet=outlet,
        mapping={"Rubrik": "", "headline": "headline"},
        folder="archive",
        error=f"There is no folder “{UNBREAKABLE}”.",
        failures=3,
    )
    done = staging.stage(upload("applied.csv", *(line(n) for n in range(40)), line(90, body=" ")).pk)
    orders.apply(done, now=timezone.now(), by=account("administrator"), start=False)
    applying.apply_rows(done.pk)
    staging.stage(
        upload(
            f"{UNBREAKABLE}.csv",
            *(line(n) for n in range(3)),
            *(line(n, body=f"The council met on Tuesday, {UNBREAKABLE * 2}.") for n in range(3, 8)),
            line(8, headline=f"<b>{UNBREAKABLE}</b> & others"),
            *(line(n, headline=f"{UNBREAKABLE}: {n}") for n in range(100, 140)),
            line(201, body=f"{words} at its end."),
            line(202, body=" "),
            line(203, at=f"{UNBREAKABLE} ago"),
            source=source,
        ).pk
    )
    staging.stage(
        orders.upload(io.BytesIO(b"Titel,Inhalt\nA,B\n"), "failed.csv", now=timezone.now(), start=False).pk
    )
    upload("waiting.csv", line(1))
    half = upload("reading.csv", line(1))
    Import.objects.filter(pk=half.pk).update(
        stage="reading", bytes_read=half.size // 2, rows_read=1200, rows_new=1200, seconds_reading=12
    )
    orders.cancel(staging.stage(upload("aside.csv", line(300)).pk), now=timezone.now())


def sample() -> Story:
    return Story.objects.get(slug="huawei-5g")


def a_quote(**which: object) -> Quote:
    found = Quote.objects.filter(article__stories=sample(), **which).order_by("id").first()
    assert found is not None, which
    return found


def changed_quote() -> Quote:
    found = Quote.objects.published().to_check_again().order_by("id").first()
    assert found is not None
    return found


def much_annotated() -> Article:
    """The article that has several versions, and the most quotes of them."""
    return max(
        Article.objects.filter(stories=sample(), current_version__number__gt=1),
        key=lambda a: a.quotes.count(),
    )


def rewritten() -> Article:
    return Article.objects.get(headline="Hunt and Wright on their network")


def plain_article() -> Article:
    return Article.objects.get(headline="An article that nobody has annotated")


def odd(what: str = "") -> Article:
    return Article.objects.get(stories__slug="odd", language="ar" if what == "arabic" else "en-GB")


def claim() -> Claim:
    found = Claim.objects.filter(story=sample()).in_order().first()
    assert found is not None
    return found


def retired() -> Claim:
    return Claim.objects.retired().earliest("pk")


def merging(name: str) -> str:
    """What making one of two claims of the sample story would do."""
    other = Claim.objects.filter(story=sample()).in_use().in_order().last()
    assert other is not None
    return reverse(f"desk:{name}", args=[claim().pk]) + f"?into={other.pk}&opposite=on"


def actor(slug: str) -> Actor:
    return Actor.objects.get(slug=slug)


def hunt() -> Actor:
    return actor("jeremy-hunt")


def beside(one: str, other: str) -> str:
    return reverse("desk:actor-beside", args=[actor(one).pk, actor(other).pk])


# What a person does on a page.


def press(button: str, then: str = "") -> Callable[[Page], None]:
    """Press a button; then wait for words to be there."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).first.click()
        if then:
            expect(page.get_by_text(then).first).to_be_visible()

    return act


def press_on(words: str, then: str) -> Callable[[Page], None]:
    """Press the first button that has the words in its name."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=words).first.click()
        expect(page.get_by_text(then).first).to_be_visible()

    return act


def unfold(page: Page) -> None:
    """Open everything that can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def all_of(*acts: Callable[[Page], None]) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def fill(label: str, words: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_label(label, exact=True).first.fill(words)


def untick_all_but_one(page: Page) -> None:
    expect(page.get_by_role("checkbox")).to_have_count(3)
    for box in page.get_by_role("checkbox").all()[1:]:
        box.uncheck()


def as_if_meanwhile(page: Page) -> None:
    """The page is of a revision that somebody else has changed since."""
    page.evaluate("document.querySelectorAll('[name=revision]').forEach((one) => { one.value = 1; })")


def without_token(page: Page) -> None:
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((one) => one.remove())")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def tag_words(page: Page) -> None:
    drag_over(page, "the rollout of 5G could be delayed")
    expect(page.get_by_role("heading", name="New quote")).to_be_visible()


def offer_names(page: Page) -> None:
    tag_words(page)
    page.get_by_label("Speaker", exact=True).press_sequentially("hun")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")


def ask_who(page: Page) -> None:
    tag_words(page)
    page.get_by_label("Speaker", exact=True).fill("Nobody of That Name")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("Did you mean")).to_be_visible()


def miss_the_speaker(page: Page) -> None:
    tag_words(page)
    page.get_by_label("Speaker", exact=True).fill("")
    page.get_by_label("Named as", exact=True).fill("")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Say who speaks").first).to_be_visible()


def clash(page: Page) -> None:
    as_if_meanwhile(page)
    page.get_by_label("Verb", exact=True).fill("insisted")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nothing of yours was saved").first).to_be_visible()


def show_words_bar(page: Page) -> None:
    """Words selected while a form is open are offered in the bar."""
    tag_words(page)
    drag_over(page, "The vendor denies")
    expect(page.get_by_role("toolbar")).to_be_visible()


def tick_nothing(page: Page) -> None:
    page.locator("form[method=post] select[name=story]").select_option("huawei-5g")
    page.get_by_role("button", name="Add to the story").click()
    expect(page.get_by_text("Tick the articles first")).to_be_visible()


# The list.


@dataclass(frozen=True)
class Screen:
    """A page in a state. `who` is the name of the account that looks; `path` is made when the data is there."""

    name: str
    path: Callable[[], str] | str
    who: str = ""
    status: int = 200
    act: Callable[[Page], None] | None = None
    is_empty: bool = False
    """On the site that has nothing."""
    fulfil: str = ""
    """A template of an error that no address can be asked for."""

    def show(self, page: Page, url: str) -> None:
        path = self.path if isinstance(self.path, str) else self.path()
        if self.fulfil:
            page.route(f"**{path}", lambda route: route.fulfill(**error_page(self.fulfil, self.status)))
        response = page.goto(f"{url}{path}")
        assert response is not None
        assert response.status == self.status, path
        if self.act:
            self.act(page)


def error_page(template: str, status: int) -> dict[str, object]:
    """The page as its handler makes it."""
    response = errors._page(template, status)
    return {"status": status, "body": response.content, "content_type": "text/html; charset=utf-8"}


def desk(name: str, *arguments: Callable[[], object] | str, query: str = "") -> Callable[[], str]:
    def path() -> str:
        return reverse(f"desk:{name}", args=[a() if callable(a) else a for a in arguments]) + query

    return path


def public(name: str, *arguments: Callable[[], object] | str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(name, args=[a() if callable(a) else a for a in arguments]) + query


PUBLIC = [
    Screen("stories", "/"),
    Screen("stories-empty", "/", is_empty=True),
    Screen("story", public("story", "huawei-5g")),
    Screen("story-unfolded", public("story", "huawei-5g"), act=unfold),
    Screen("story-filtered", public("story", "huawei-5g", query="?stance=opposes&actor=jeremy-hunt")),
    Screen("story-filtered-to-nothing", public("story", "huawei-5g", query="?from=2030-01-01&x=1&actor=x")),
    Screen("story-with-nothing-in-it", public("story", "nothing-yet")),
    Screen("story-odd", public("story", "odd")),
    Screen("article", lambda: much_annotated().get_absolute_url()),
    Screen("article-unfolded", lambda: much_annotated().get_absolute_url(), act=unfold),
    Screen(
        "article-highlights-hidden",
        lambda: much_annotated().get_absolute_url(),
        act=lambda page: page.get_by_label("Hide highlights").check(),
    ),
    Screen("article-earlier-version", lambda: f"{much_annotated().get_absolute_url()}?version=1"),
    Screen("article-at-a-quote", lambda: a_quote(status="published").address_in(sample())),
    Screen("article-odd", lambda: odd().get_absolute_url(), act=unfold),
    Screen("article-right-to-left", lambda: odd("arabic").get_absolute_url(), act=unfold),
    Screen("article-diff", public("article-diff", "huawei-5g", lambda: rewritten().pk, "1", "2"), act=unfold),
    Screen(
        "article-diff-reworded", public("article-diff", "huawei-5g", lambda: much_annotated().pk, "1", "3")
    ),
    Screen(
        "article-diff-typography", public("article-diff", "huawei-5g", lambda: much_annotated().pk, "2", "3")
    ),
    Screen("article-diff-odd", public("article-diff", "odd", lambda: odd().pk, "1", "2")),
    Screen("corrections", public("story-corrections", "huawei-5g")),
    Screen("corrections-odd", public("story-corrections", "odd")),
    Screen("corrections-none", public("story-corrections", "nothing-yet")),
    Screen("outlets", public("outlets")),
    Screen("outlets-empty", public("outlets"), is_empty=True),
    Screen("outlet", public("outlet", lambda: much_annotated().outlet.slug)),
    Screen("outlet-odd", public("outlet", lambda: odd().outlet.slug)),
    Screen("coverage", public("story-coverage", "huawei-5g")),
    Screen("coverage-odd", public("story-coverage", "odd")),
    Screen("coverage-of-nothing", public("story-coverage", "nothing-yet")),
    Screen("network", public("story-network", "huawei-5g")),
    Screen("network-of-nothing", public("story-network", "nothing-yet")),
    Screen("claim", lambda: claim().get_absolute_url()),
    Screen("claim-odd", public("claim", "odd", "dissolved")),
    Screen("quote", lambda: a_quote(status="published").get_absolute_url()),
    Screen(
        "quote-rendered-elsewhere",
        lambda: a_quote(utterance__isnull=False, status="published").get_absolute_url(),
    ),
    Screen("quote-reworded", lambda: changed_quote().get_absolute_url()),
    Screen("quote-odd", lambda: odd().quotes.published().get().get_absolute_url()),
    Screen("quote-withdrawn", lambda: a_quote(status="withdrawn").get_absolute_url(), status=410),
    Screen("actors", "/actors/"),
    Screen("actors-none-of-that-name", "/actors/?name=nobody&kind=person"),
    Screen("actors-empty", "/actors/", is_empty=True),
    Screen("actor", lambda: hunt().get_absolute_url()),
    Screen("actor-odd", "/actors/minister-odd/"),
    Screen("search", "/search/"),
    Screen("search-found", "/search/?q=security"),
    Screen(
        "search-narrowed", "/search/?q=huawei&outlet=sample-courier&sort=newest&from=2019-01-01", act=unfold
    ),
    Screen(
        "search-by-quotes",
        "/search/?stance=opposes&actor=jeremy-hunt&kind=direct&when=2019&from=2019-01-01",
        act=unfold,
    ),
    Screen("search-month", "/search/?when=2019-05", act=unfold),
    Screen("search-quotes", "/search/?in=quotes"),
    Screen("search-quotes-found", "/search/?in=quotes&q=security&stance=opposes", act=unfold),
    Screen("search-quotes-odd", "/search/?in=quotes&outlet=odd-outlet"),
    Screen("search-quotes-nothing-found", "/search/?in=quotes&q=zebra&kind=mixed&when=2019-05"),
    Screen("search-quotes-empty", "/search/?in=quotes", is_empty=True),
    Screen("search-name-mistyped", "/search/?q=pompoe"),
    Screen("search-nothing-found", "/search/?q=zebra+crossing"),
    Screen("search-no-words", "/search/?q=%2A&outlet=nobody"),
    Screen("search-empty", "/search/", is_empty=True),
    Screen("login", "/login/"),
    Screen(
        "login-failed",
        "/login/",
        act=all_of(fill("Username", "editor"), fill("Password", "wrong"), press("Log in", "Not logged in")),
    ),
    Screen("logged-out", "/desk/", who="newcomer", act=press("Log out", "You are logged out")),
]
ERRORS = [
    Screen("bad-request", "/nothing-400", status=400, fulfil="400.html"),
    Screen("forbidden", "/desk/", who="reader", status=403),
    Screen("forged", "/login/", act=without_token),
    Screen("not-found", "/nothing/", status=404),
    Screen("gone", "/nothing-410", status=410, fulfil="410.html"),
    Screen("too-many", "/nothing-429", status=429, fulfil="429.html"),
    Screen("failed", "/nothing-500", status=500, fulfil="500.html"),
    Screen("unavailable", "/nothing-503", status=503, fulfil="503.html"),
]
DESK = [
    Screen("desk", "/desk/", who="editor"),
    Screen("desk-with-nothing-to-do", "/desk/", who="newcomer"),
    Screen("desk-list", desk("list", "mine"), who="editor"),
    Screen("desk-list-suggested", desk("list", "suggested"), who="editor"),
    Screen("desk-list-changed", desk("list", "changed"), who="editor"),
    Screen("desk-list-orphans", desk("list", "orphans"), who="editor"),
    Screen(
        "desk-list-changed-refused",
        desk("list", "changed"),
        who="editor",
        act=all_of(unfold, press("Withdraw the quote", "Say why it is withdrawn")),
    ),
    Screen(
        "desk-list-changed-meanwhile",
        desk("list", "changed"),
        who="editor",
        act=all_of(as_if_meanwhile, press_on("still stand", "Nothing was done")),
    ),
    Screen(
        "desk-list-orphans-meanwhile",
        desk("list", "orphans"),
        who="editor",
        act=all_of(as_if_meanwhile, press_on("Put it on these words", "Nothing was done")),
    ),
    Screen("desk-list-orphans-empty", desk("list", "orphans"), who="editor", is_empty=True),
    Screen("desk-list-evidence", desk("list", "evidence"), who="editor"),
    Screen("desk-list-events", desk("list", "events"), who="editor"),
    Screen("desk-list-articles", desk("list", "undated-articles"), who="editor"),
    Screen("desk-list-empty", desk("list", "mine"), who="newcomer"),
    Screen("review", desk("review"), who="editor"),
    Screen("review-unfolded", desk("review"), who="editor", act=unfold),
    Screen("review-new-name", desk("review-one", suggestion("Ms Quill")), who="editor"),
    Screen("review-pronoun", desk("review-one", suggestion("she")), who="editor"),
    Screen(
        "review-pronoun-asked",
        desk("review-one", suggestion("she")),
        who="editor",
        act=lambda page: (
            page.locator("#accept").click(),
            expect(page.get_by_text("alone would go in").first).to_be_visible(),
        )[-1],
    ),
    Screen(
        "review-too-late",
        desk("review-one", suggestion("she")),
        who="editor",
        act=lambda page: (
            page.evaluate("document.querySelector('#quote-form [name=revision]').value = 7"),
            page.locator("#accept").click(),
            expect(page.get_by_text("Nothing of yours was saved").first).to_be_visible(),
        )[-1],
    ),
    Screen("review-claims-alike", claim_alike, who="editor"),
    Screen("review-claim-new", claim_to_take, who="editor"),
    Screen("review-claim-refused", claim_to_take, who="editor", act=refuse_the_claim),
    Screen("review-claim-to-take", desk("review-one", lambda: to_take().uuid), who="editor"),
    Screen("review-none-match", desk("review", query="?tier=1&kind=indirect"), who="editor"),
    Screen("review-none", desk("review"), who="editor", is_empty=True),
    Screen("review-all", desk("review-all"), who="editor"),
    Screen("utterances", desk("utterances"), who="editor"),
    Screen(
        "utterances-one-ticked",
        desk("utterances", query="?speaker=wright"),
        who="editor",
        act=all_of(untick_all_but_one, press_on("These are one utterance", "Tick at least two")),
    ),
    Screen("utterances-none-match", desk("utterances", query="?speaker=nobody&story=odd"), who="editor"),
    Screen("utterances-none", desk("utterances"), who="editor", is_empty=True),
    Screen(
        "annotating-rendered-elsewhere",
        desk("quote", lambda: a_quote(utterance__isnull=False, status="published").uuid),
        who="editor",
    ),
    Screen("desk-acts", desk("acts"), who="editor"),
    Screen("desk-acts-none", desk("acts"), who="newcomer"),
    Screen("desk-articles", desk("articles"), who="editor"),
    Screen("desk-articles-none-found", desk("articles", query="?q=zebra&undated=on"), who="editor"),
    Screen(
        "desk-articles-none-ticked",
        desk("articles"),
        who="editor",
        act=tick_nothing,
    ),
    Screen("annotating", desk("article", lambda: much_annotated().pk), who="editor"),
    Screen("annotating-unfolded", desk("article", lambda: much_annotated().pk), who="editor", act=unfold),
    Screen("annotating-odd", desk("article", lambda: odd().pk), who="editor", act=unfold),
    Screen("annotating-right-to-left", desk("article", lambda: odd("arabic").pk), who="editor"),
    Screen("annotating-nothing", desk("article", lambda: plain_article().pk), who="editor"),
    Screen(
        "annotating-new",
        desk("article", lambda: plain_article().pk),
        who="editor",
        act=all_of(tag_words, unfold),
    ),
    Screen("annotating-names", desk("article", lambda: plain_article().pk), who="editor", act=offer_names),
    Screen("annotating-who", desk("article", lambda: plain_article().pk), who="editor", act=ask_who),
    Screen(
        "annotating-error", desk("article", lambda: plain_article().pk), who="editor", act=miss_the_speaker
    ),
    Screen("annotating-bar", desk("article", lambda: plain_article().pk), who="editor", act=show_words_bar),
    Screen(
        "annotating-quote", desk("quote", lambda: a_quote(status="published").uuid), who="editor", act=unfold
    ),
    Screen("annotating-draft", desk("quote", lambda: a_quote(status="draft").uuid), who="editor"),
    Screen("annotating-changed", desk("quote", lambda: changed_quote().uuid), who="editor"),
    Screen("annotating-withdrawn", desk("quote", lambda: a_quote(status="withdrawn").uuid), who="editor"),
    Screen(
        "annotating-conflict",
        desk("quote", lambda: a_quote(status="published").uuid),
        who="editor",
        act=clash,
    ),
    Screen("sentences", desk("sentences", lambda: much_annotated().pk), who="editor"),
    Screen("sentences-odd", desk("sentences", lambda: odd().pk), who="editor"),
    Screen("sentence", desk("sentences", lambda: much_annotated().pk, query="?from=1&to=2"), who="editor"),
    Screen("desk-stories", desk("stories"), who="editor"),
    Screen("desk-stories-none", desk("stories"), who="editor", is_empty=True),
    Screen("desk-story-new", desk("story-new"), who="editor", act=press("Make the story", "")),
    Screen("desk-story", desk("story", "huawei-5g"), who="editor"),
    Screen("desk-story-nothing", desk("story", "nothing-yet"), who="editor"),
    Screen("desk-story-odd", desk("story", "odd"), who="editor"),
    Screen(
        "desk-story-claim-error",
        desk("story", "huawei-5g"),
        who="editor",
        act=all_of(fill("Claim", "Is it?"), press("Add the claim", "This is a question")),
    ),
    Screen("desk-story-publication", desk("story-publication", "draft"), who="editor"),
    Screen("desk-story-articles", desk("story-articles", "huawei-5g"), who="editor"),
    Screen(
        "desk-story-removal", desk("story-removal", "huawei-5g", lambda: much_annotated().pk), who="editor"
    ),
    Screen("desk-claim", desk("claim", lambda: claim().pk), who="editor"),
    Screen("desk-claim-merging", desk("claim-merging", lambda: claim().pk), who="editor"),
    Screen("desk-claim-merging-what", lambda: merging("claim-merging"), who="editor"),
    Screen("desk-claim-split", desk("claim-split", lambda: claim().pk), who="editor"),
    Screen(
        "desk-claim-split-wrong",
        desk("claim-split", lambda: claim().pk),
        who="editor",
        act=press("Give them that stance", "Tick the quotes"),
    ),
    Screen("desk-claim-retired", desk("claim", lambda: retired().pk), who="editor"),
    Screen("claim-retired", lambda: retired().get_absolute_url(), status=410),
    Screen("desk-claim-untagged", desk("claim-untagged", lambda: claim().pk), who="editor"),
    Screen("desk-events", desk("events", "huawei-5g"), who="editor"),
    Screen("desk-events-none", desk("events", "nothing-yet"), who="editor"),
    Screen("desk-event-new", desk("event-new", "huawei-5g"), who="editor", act=press("Save as draft", "")),
    Screen(
        "desk-event", desk("event", lambda: Event.objects.public().order_by("id").first().uuid), who="editor"
    ),
    Screen(
        "desk-event-odd",
        desk("event", lambda: Event.objects.filter(story__slug="odd").earliest("pk").uuid),
        who="editor",
    ),
    Screen(
        "desk-event-conflict",
        desk("event", lambda: Event.objects.public().order_by("id").first().uuid),
        who="editor",
        act=all_of(
            as_if_meanwhile,
            lambda page: page.locator("[name=place]").fill("Elsewhere"),
            press("Save", "Nothing of yours was saved"),
        ),
    ),
    Screen("desk-actors", desk("actors"), who="editor"),
    Screen("desk-actors-none-found", desk("actors", query="?q=nobody"), who="editor"),
    Screen("desk-actor", desk("actor", lambda: hunt().pk), who="editor"),
    Screen("desk-actor-merged", desk("actor", lambda: actor("merged").pk), who="editor"),
    Screen("desk-actor-merged-into", desk("actor", lambda: actor("another-jeremy-hunt").pk), who="editor"),
    Screen("desk-duplicates", desk("duplicates"), who="editor"),
    Screen("desk-duplicates-none-found", desk("duplicates", query="?q=nobody&kind=person"), who="editor"),
    Screen("desk-actor-beside-whom", desk("actor-beside-whom", lambda: hunt().pk), who="editor"),
    Screen(
        "desk-actor-beside-whom-unknown",
        desk("actor-beside-whom", lambda: hunt().pk, query="?other=Jeremy+Hunnt"),
        who="editor",
        status=422,
    ),
    Screen("desk-actors-beside", lambda: beside("jeremy-hunt", "another-jeremy-hunt"), who="editor"),
    Screen("desk-actors-beside-odd", lambda: beside("minister-odd", "minister-odder"), who="editor"),
    Screen("desk-actors-beside-merged", lambda: beside("another-jeremy-hunt", "merged"), who="editor"),
    Screen("desk-actor-split", desk("actor-split", lambda: hunt().pk), who="editor"),
    Screen(
        "desk-actor-split-unknown",
        desk("actor-split", lambda: hunt().pk),
        who="editor",
        act=all_of(
            lambda page: page.locator("[name=quote]").first.check(),
            fill("Whose they are", "Jane Hunnt"),
            press("Give them the ticked quotes", "Nobody here is called"),
        ),
    ),
    Screen(
        "desk-actor-split-none",
        desk("actor-split", lambda: actor("another-jeremy-hunt").pk),
        who="editor",
    ),
    Screen(
        "desk-actor-new",
        desk("actor-new"),
        who="editor",
        act=all_of(
            fill("Name", "Jeremy Hunt"), press("Make the actor", "Somebody here has this name already")
        ),
    ),
    Screen("desk-role-new", desk("role-new", lambda: hunt().pk), who="editor"),
    Screen("desk-role", desk("role", lambda: hunt().roles.order_by("id").first().pk), who="editor"),
]


def admin(name: str, *arguments: Callable[[], object] | str, query: str = "") -> Callable[[], str]:
    def path() -> str:
        return reverse(f"admin:{name}", args=[a() if callable(a) else a for a in arguments]) + query

    return path


def batch(name: str) -> Callable[[], object]:
    return lambda: Import.objects.get(name__startswith=name).pk


def of_import(screen: str, name: str, query: str = "", **options: Any) -> Screen:
    path = admin("articles_import_change", batch(name), query=query)
    return Screen(f"import-{screen}", path, who="administrator", **options)


def upload_what_is_wrong(page: Page) -> None:
    page.get_by_label("Files:").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"headline,body\nA,B\n"}
    )
    page.get_by_label("Outlet:").fill(f"The {UNBREAKABLE}")
    page.get_by_label("Time zone:").fill("Europe/Nowhere")
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_text("There is no outlet").first).to_be_visible()


def take_a_field_twice(page: Page) -> None:
    unfold(page)
    page.get_by_label("url", exact=True).select_option(label="Headline")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_text("is the headline already").first).to_be_visible()


ADMIN = [
    # Not an article's own form: of Django's dates and rows of links, axe finds labels and descriptions missing.
    Screen("admin", "/admin/", who="administrator"),
    Screen("admin-outlets", admin("articles_outlet_changelist"), who="administrator"),
    Screen(
        "admin-outlet",
        admin("articles_outlet_change", lambda: much_annotated().outlet_id),
        who="administrator",
    ),
    Screen("imports", admin("articles_import_changelist"), who="administrator"),
    Screen("imports-none", admin("articles_import_changelist"), who="administrator", is_empty=True),
    Screen("imports-none-found", admin("articles_import_changelist", query="?q=zebra"), who="administrator"),
    Screen("imports-add", admin("articles_import_add"), who="administrator", act=unfold),
    Screen("imports-add-wrong", admin("articles_import_add"), who="administrator", act=upload_what_is_wrong),
    of_import("waiting", "waiting"),
    of_import("reading", "reading"),
    of_import("failed", "failed", act=unfold),
    of_import("cancelled", "aside"),
    of_import("reported", "applied", act=unfold),
    of_import("preview", UNBREAKABLE, act=unfold),
    of_import("preview-changed", UNBREAKABLE, "?show=changed"),
    of_import("preview-same", UNBREAKABLE, "?show=same"),
    of_import("preview-rejected", UNBREAKABLE, "?show=rejected"),
    of_import("preview-copies", UNBREAKABLE, "?show=copies"),
    of_import("preview-last", UNBREAKABLE, "?show=new&from=last"),
    of_import("column-twice", UNBREAKABLE, act=take_a_field_twice),
    Screen("import-row", admin("articles_import_row", batch(UNBREAKABLE), "4"), who="administrator"),
    Screen(
        "import-row-rejected", admin("articles_import_row", batch(UNBREAKABLE), "52"), who="administrator"
    ),
    Screen("import-stories", admin("articles_import_stories", batch("applied")), who="administrator"),
    Screen("import-delete", admin("articles_import_delete", batch("applied")), who="administrator"),
    Screen("import-sources", admin("articles_importsource_changelist"), who="administrator"),
    Screen(
        "import-source",
        admin("articles_importsource_change", lambda: ImportSource.objects.get().pk),
        who="administrator",
    ),
]
SCREENS = [*PUBLIC, *ERRORS, *DESK, *ADMIN]
PAGES = [screen for screen in SCREENS if screen.act is None]
"""Those that are reached by their address alone."""


def account(name: str) -> User:
    """The account; on the site that has nothing it is made."""
    factory = AdministratorFactory if name == "administrator" else EditorFactory
    return User.objects.filter(username=name).first() or factory(username=name)
