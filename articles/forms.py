"""The forms of the admin site with which articles come in and get new versions."""

from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from articles.importing import FIELDS, Plan
from articles.models import TEXT_LIMIT, Article, Outlet, Story, Version, validate_time_zone
from articles.reading import read
from articles.reading.draft import ArticleDraft, ReadError, Refusal, language_tag
from articles.slugs import unique_slug
from articles.text import normalise

if TYPE_CHECKING:
    ArticleForm = forms.ModelForm[Article]
else:
    ArticleForm = forms.ModelForm

LARGEST = 5 * 1024 * 1024
"""Bytes of a file that the form takes."""

MOST_ARTICLES = 100
"""Articles that the form takes out of one file."""

LARGER = "For more than that there is Imports, “Bring files in”."

LATEST_STORIES = 40
MOST_OFFERED = 1000


def offering(name: str) -> AdminTextInputWidget:
    """A text field that offers the values of the page's datalist of that name, and takes others too."""
    return AdminTextInputWidget(attrs={"list": name, "autocomplete": "off"})


def offered() -> dict[str, list[str]]:
    """What the pages' datalists hold."""
    outlets = Outlet.objects.order_by("name", "id").values_list("name", flat=True)
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return {"outlets": list(outlets[:MOST_OFFERED]), "time-zones": zones}


def clean_language(said: str) -> str:
    if said and not (tag := language_tag(said)):
        raise ValidationError("That is no language tag. Use one like en, en-GB or de.")
    return tag if said else ""


def clean_text(said: str) -> str:
    """The canonical text. Raises ValidationError for none and for one that is too long."""
    text = normalise(said)
    if not text:
        raise ValidationError("The article has no text.")
    if len(text) > TEXT_LIMIT:
        raise ValidationError(f"The text has {len(text):,} characters; {TEXT_LIMIT:,} is the most.")
    return text


class OpenForm(forms.Form):
    """What material may leave open, and what it then is."""

    outlet = forms.CharField(
        required=False,
        max_length=200,
        widget=offering("outlets"),
        help_text="Of articles that don’t name one.",
    )
    language = forms.CharField(
        required=False,
        max_length=20,
        widget=AdminTextInputWidget,
        help_text="Of articles that don’t name one, such as en-GB.",
    )
    time_zone = forms.CharField(
        required=False,
        max_length=64,
        widget=offering("time-zones"),
        validators=[validate_time_zone],
        help_text="Of dates that come without one, such as Europe/London. Empty: that of the outlet above.",
    )

    def clean_language(self) -> str:
        return clean_language(self.cleaned_data["language"])


class SourceForm(OpenForm):
    """Material that articles are to be read from: pasted, or a file. `found` holds what was read."""

    text = forms.CharField(
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 18}),
        help_text="The article as copied from anywhere: headline first. The caption and credit of an image, the "
        "author’s name and biography go to their own fields.",
    )
    file = forms.FileField(
        required=False,
        help_text=f"Instead of text: a saved web page, a text, CSV or JSONL. Up to 5 MB and {MOST_ARTICLES} "
        "articles.",
    )
    stories = forms.ModelMultipleChoiceField(
        Story.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    FIELDSETS: ClassVar = [
        (None, {"fields": ["text", "file"]}),
        ("What it may leave open", {"fields": ["outlet", "language", "time_zone", "stories"]}),
    ]

    found: list[ArticleDraft | Refusal]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stories = self.fields["stories"]
        assert isinstance(stories, forms.ModelMultipleChoiceField)
        offered = Story.objects.latest_changed_first()[:LATEST_STORIES]
        stories.queryset = Story.objects.filter(pk__in=[story.pk for story in offered]).latest_changed_first()

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and file.size and file.size > LARGEST:
            raise ValidationError(
                f"The file has {file.size / 1024**2:.1f} MB; 5 MB is the most here. {LARGER}"
            )
        return file

    def clean_outlet(self) -> Outlet | None:
        name = " ".join(self.cleaned_data["outlet"].split())
        return Outlet.objects.named(name) or (new_outlet(name) if name else None)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        text, file = given.get("text"), given.get("file")
        if self.errors:
            return given
        if bool(text) == bool(file):
            raise ValidationError(
                "Paste a text or choose a file." if not text else "Give a text or a file, not both."
            )
        name, data = (file.name or "", file.read()) if file else ("pasted text", str(text).encode())
        self.found = []
        try:
            for one in read(name, data, time_zone=self.zone()):
                self.found.append(one)
                if len(self.found) > MOST_ARTICLES:
                    raise ValidationError(
                        f"There are more than {MOST_ARTICLES} articles in it. {LARGER}", code="many"
                    )
        except ReadError as error:
            self.add_error("file" if file else "text", str(error))
        else:
            if not any(isinstance(one, ArticleDraft) for one in self.found):
                refusals = [told(one) for one in self.found if isinstance(one, Refusal)]
                self.add_error("file" if file else "text", refusals or ["There is no article in it."])
        return given

    def zone(self) -> ZoneInfo | None:
        """Of dates without one: the given zone, else the given outlet's, if it is known."""
        outlet: Outlet | None = self.cleaned_data.get("outlet")
        name = self.cleaned_data.get("time_zone") or (outlet.time_zone if outlet and outlet.pk else "")
        return ZoneInfo(name) if name else None


def told(refusal: Refusal) -> str:
    where = f"{refusal.where}: " if refusal.where else ""
    about = f" [{refusal.about}]" if refusal.about else ""
    return f"{where}{refusal.reason}{about}"


def new_outlet(name: str, *, domain: str = "", time_zone: str = "") -> Outlet:
    """An unsaved outlet with a slug of its own."""
    outlet = Outlet(name=name, domain=domain, slug=unique_slug(Outlet.objects.all(), name, fallback="outlet"))
    outlet.time_zone = time_zone or outlet.time_zone
    return outlet


LABELS = {
    "author_bio": "About the author",
    "url": "Address",
    "image_url": "Address of the image",
    "archive_url": "Archived at",
    "external_id": "Source’s identifier",
    "published_at": "Published",
}


class MendForm(ArticleForm):
    """An article as it would be stored, to be mended before it is. Bound or not, it starts from a plan."""

    outlet = forms.CharField(max_length=200, widget=offering("outlets"))
    is_new_outlet = forms.BooleanField(
        required=False, label="This outlet is new", help_text="Make it, if there is none of that name."
    )
    time_zone = forms.CharField(
        max_length=64,
        widget=offering("time-zones"),
        validators=[validate_time_zone],
        help_text="Of the date above, and of the outlet if it is new.",
    )
    text = forms.CharField(widget=AdminTextareaWidget(attrs={"rows": 30}))

    class Meta:
        model = Article
        fields = FIELDS
        widgets = {
            **dict.fromkeys(("headline", "byline", "dateline", "section", "language"), AdminTextInputWidget),
            **dict.fromkeys(("external_id", "image_credit"), AdminTextInputWidget),
            **dict.fromkeys(
                ("url", "image_url", "archive_url"), forms.URLInput(attrs={"class": "vURLField"})
            ),
            "author_bio": AdminTextareaWidget(attrs={"rows": 4}),
            "image_caption": AdminTextareaWidget(attrs={"rows": 2}),
            "published_at": forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": 1}
            ),
        }
        labels = LABELS
        help_texts = {"archive_url": "Where the page is kept.", "section": "Such as Politics."}

    FIELDSETS: ClassVar = [
        (None, {"fields": ["headline", "outlet", "is_new_outlet", "published_at", "time_zone"]}),
        ("Author", {"fields": ["byline", "author_bio"]}),
        ("Text", {"fields": ["text"]}),
        ("Image", {"fields": ["image_caption", "image_credit", "image_url"]}),
        (
            "More",
            {
                "fields": [
                    "dateline",
                    "section",
                    "language",
                    "url",
                    "external_id",
                    "archive_url",
                ]
            },
        ),
    ]

    def __init__(self, made: Plan, data: Any = None) -> None:
        self.made = made
        outlet = made.article.outlet
        initial = {
            "outlet": outlet.name,
            "is_new_outlet": outlet._state.adding,
            "time_zone": outlet.time_zone,
            "text": made.text,
        }
        super().__init__(data, instance=made.article, initial=initial)

    def zone(self) -> ZoneInfo:
        """The zone in which the date is shown and read; the site's where the given one is none."""
        name = self["time_zone"].value()
        try:
            validate_time_zone(name)
        except ValidationError:
            return ZoneInfo(timezone.get_default_timezone_name())
        return ZoneInfo(name)

    def clean_language(self) -> str:
        return clean_language(self.cleaned_data["language"])

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        name = " ".join(given.get("outlet", "").split())
        known = Outlet.objects.named(name)
        if name and not known and not given.get("is_new_outlet"):
            self.add_error("outlet", f"There is no outlet “{name}”. If it is new, say so below.")
        elif name:
            domain = self.made.draft.outlet_domain
            if Outlet.objects.filter(domain__iexact=domain).exists():
                domain = ""
            given["outlet"] = known or new_outlet(name, domain=domain, time_zone=given.get("time_zone", ""))
        return given

    def mended(self) -> dict[str, Any]:
        """What the person wants otherwise than it was shown."""
        changed = set(self.changed_data) & {*FIELDS, "text"}
        wanted = {name: self.cleaned_data[name] for name in changed}
        outlet = self.cleaned_data["outlet"]
        if outlet != self.made.article.outlet or outlet._state.adding:
            wanted["outlet"] = outlet
        return wanted


class NewVersionForm(forms.Form):
    """The words that an article has now. `base` is the number of the version that they were made from."""

    headline = forms.CharField(max_length=500, widget=AdminTextInputWidget)
    text = forms.CharField(widget=AdminTextareaWidget(attrs={"rows": 30}))
    reason = forms.CharField(
        max_length=300,
        required=False,
        widget=AdminTextInputWidget,
        help_text="What the outlet changed, or what you put right. Readers see it.",
    )
    minor = forms.TypedChoiceField(
        choices=[("", "Newsdesk tells from the words"), ("yes", "Yes"), ("no", "No")],
        coerce=lambda chosen: chosen == "yes",
        empty_value=None,
        required=False,
        label="Minor",
        help_text="Minor: only spacing, quotation marks or dashes changed. Readers are not told that the text changed.",
    )
    base = forms.IntegerField(widget=forms.HiddenInput)

    FIELDSETS: ClassVar = [(None, {"fields": ["headline", "text", "reason", "minor", "base"]})]

    @classmethod
    def after(cls, version: Version) -> "NewVersionForm":
        """Filled with the words of a version."""
        return cls(initial={"headline": version.headline, "text": version.text, "base": version.number})

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class StoryChoiceForm(forms.Form):
    """Which story the selected articles are to be added to."""

    story = forms.ModelChoiceField(Story.objects.latest_changed_first())


class ArticleAddForm(ArticleForm):
    """A new article by hand, with its first text."""

    text = forms.CharField(widget=AdminTextareaWidget(attrs={"rows": 30}))

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])
