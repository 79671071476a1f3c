"""The forms of the admin's import pages. Nothing here opens an upload: a worker reads it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from articles.forms import LATEST_STORIES, OpenForm, clean_language, new_outlet, offering
from articles.models import Import, ImportSource, Outlet, Story
from articles.reading import COLUMNS, FORMATS
from articles.reading.decoding import encoding_named

if TYPE_CHECKING:
    SourceModelForm = forms.ModelForm[ImportSource]
else:
    SourceModelForm = forms.ModelForm

MOST_FILES = 50
"""Files that are taken at once."""

MOST_COLUMNS = 40
"""Columns for which a field can be chosen on the page."""

AS_FOUND = ("", "As found")
DELIMITERS = [AS_FOUND, (",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Bar")]
ENCODINGS = ["utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "mac-roman"]
FIELD_NAMES = {
    "body": "Text",
    "sections": "Text, in sections",
    "author_bio": "About the author",
    "published_at": "Date of publication",
    "outlet_domain": "Outlet’s domain",
    "url": "Address",
    "archive_url": "Archived at",
    "image_url": "Address of the image",
    "external_id": "Source’s identifier",
}


def field_name(field: str) -> str:
    """What people call a field of an article."""
    return FIELD_NAMES.get(field, field.replace("_", " ").capitalize())


FIELD_CHOICES = [("", "– not brought in –"), *((name, field_name(name)) for name in COLUMNS)]


def clean_encoding(named: str) -> str:
    """A name of an encoding, or nothing; raises ValidationError."""
    named = named.strip()
    if named and not encoding_named(named):
        raise ValidationError(f"“{named}” is no encoding. Use a name like utf-8 or windows-1252.")
    return named


class SettingsForm(OpenForm):
    """How files are read, and what fills in where they leave something open."""

    is_new_outlet = forms.BooleanField(
        required=False, label="This outlet is new", help_text="Make it, if there is none of that name."
    )
    identity = forms.ChoiceField(
        label="The same article is known by", choices=Import.Identity.choices, required=False
    )
    format = forms.ChoiceField(choices=[AS_FOUND, *FORMATS.items()], required=False)
    encoding = forms.CharField(
        required=False,
        max_length=40,
        widget=offering("encodings"),
        help_text="Such as utf-8 or windows-1252. Empty: as found.",
    )
    delimiter = forms.ChoiceField(
        choices=DELIMITERS, required=False, help_text="Between the cells of a table."
    )

    def clean_encoding(self) -> str:
        return clean_encoding(self.cleaned_data["encoding"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        name = " ".join(given.get("outlet", "").split())
        known = Outlet.objects.named(name)
        if name and not known and not given.get("is_new_outlet"):
            self.add_error("outlet", f"There is no outlet “{name}”. If it is new, say so below.")
        given["outlet"] = known or (new_outlet(name, time_zone=given.get("time_zone", "")) if name else None)
        return given

    def options(self) -> dict[str, Any]:
        """The fields of an import as they were set; makes the outlet, if it is to be made."""
        outlet: Outlet | None = self.cleaned_data["outlet"]
        if outlet and outlet._state.adding:
            outlet.save()
        names = ("outlet", "language", "time_zone", "identity", "format", "encoding", "delimiter")
        return {name: self.cleaned_data[name] for name in names}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = (list(data) or [None]) if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


def stories_to_choose() -> Any:
    """The stories that changed last, as a field for several."""
    return forms.ModelMultipleChoiceField(
        Story.objects.none(),
        required=False,
        label="Stories that all of it is put into",
        widget=forms.CheckboxSelectMultiple,
    )


def offer_latest(field: forms.Field, also: Any = ()) -> None:
    """Give the field the latest stories, and those that are chosen already."""
    assert isinstance(field, forms.ModelMultipleChoiceField)
    latest = [story.pk for story in Story.objects.latest_changed_first()[:LATEST_STORIES]]
    field.queryset = Story.objects.filter(pk__in=[*latest, *also]).latest_changed_first()


class UploadForm(SettingsForm):
    """Files on their way in. `like` is the number of an import that the same settings are taken from."""

    file = ManyFilesField(label="Files")
    source = forms.ModelChoiceField(
        ImportSource.objects.order_by("name", "id"),
        required=False,
        empty_label="None of these",
        help_text="How its files are read is known already; what you set below goes before it.",
    )
    stories = stories_to_choose()
    policy = forms.ChoiceField(
        label="If rows are rejected",
        choices=[
            ("", "As the source has it, else all but the rejected"),
            (Import.Policy.ALL_BUT_REJECTED, "Bring in all but the rejected"),
            (Import.Policy.ALL_OR_NOTHING, "All or nothing"),
        ],
        required=False,
    )
    like = forms.ModelChoiceField(Import.objects.all(), required=False, widget=forms.HiddenInput)

    FIELDSETS: ClassVar = [
        (None, {"fields": ["file", "source", "like"]}),
        (
            "What the files may leave open",
            {"fields": ["outlet", "is_new_outlet", "language", "time_zone", "stories"]},
        ),
        ("Which article it is, and what if", {"fields": ["identity", "policy"], "classes": ["collapse"]}),
        ("How they are read", {"fields": ["format", "encoding", "delimiter"], "classes": ["collapse"]}),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        identity = self.fields["identity"]
        assert isinstance(identity, forms.ChoiceField)
        automatic = f"As the source has it, else {Import.Identity.AUTOMATIC.label.lower()}"
        identity.choices = [("", automatic), *Import.Identity.choices]
        initial = self.initial.get("stories", ())
        offer_latest(self.fields["stories"], [one for one in initial if isinstance(one, int)])
        files = self.fields["file"]
        files.help_text = (
            "CSV, TSV, JSON or JSON lines; ninjs, NewsML-G2, NITF; RSS, Atom or JSON Feed; saved web pages; text; "
            f"or a zip of these. Up to {filesizeformat(settings.IMPORT_LARGEST)} together. Each file becomes an "
            "import of its own."
        )
        files.widget.attrs |= {"data-largest": settings.IMPORT_LARGEST, "data-most": MOST_FILES}

    @classmethod
    def like_import(cls, batch: Import) -> "UploadForm":
        """Filled so that a file is read as that of `batch`, but for what its kind of file tells by itself."""
        initial = {
            "like": batch.pk,
            "source": batch.source_id,
            "outlet": batch.outlet.name if batch.outlet else "",
            "language": batch.language,
            "time_zone": batch.time_zone,
            "identity": batch.identity,
            "policy": batch.policy,
            "stories": list(batch.stories.values_list("pk", flat=True)),
        }
        return cls(initial=initial)

    def clean_file(self) -> list["UploadedFile[Any]"]:
        files: list[UploadedFile[Any]] = self.cleaned_data["file"]
        if len(files) > MOST_FILES:
            raise ValidationError(
                f"These are {len(files)} files; {MOST_FILES} is the most at once. Zip them."
            )
        for file in files:
            if file.size and file.size > settings.IMPORT_LARGEST:
                raise ValidationError(too_large(file.name or "", file.size))
        return files

    def options(self) -> dict[str, Any]:
        given = self.cleaned_data
        found = super().options() | {"policy": given["policy"]}
        like: Import | None = given["like"]
        if like:
            found["mapping"] = like.mapping
        return {name: value for name, value in found.items() if value}


def too_large(name: str, size: int) -> str:
    return (
        f"“{name}” has {filesizeformat(size)}; {filesizeformat(settings.IMPORT_LARGEST)} is the most. Split it, "
        "pack it with gzip or zip, or bring it in with “manage.py import_articles”."
    )


class ReadingForm(SettingsForm):
    """How a file was read, to be set otherwise: with a field for each of its columns."""

    stories = stories_to_choose()

    def __init__(self, batch: Import, data: Any = None) -> None:
        self.batch = batch
        self.columns = batch.columns_in_order[:MOST_COLUMNS]
        self.more_columns = batch.columns_in_order[MOST_COLUMNS:]
        found = batch.read_as["columns"]
        stories = [story.pk for story in batch.stories.all()]
        initial: dict[str, Any] = {
            "outlet": batch.outlet.name if batch.outlet else "",
            "stories": stories,
            **{name: getattr(batch, name) for name in ("language", "time_zone", "identity")},
            **{name: getattr(batch, name) for name in ("format", "encoding", "delimiter")},
            **{f"column-{number}": found.get(name, "") for number, name in enumerate(self.columns)},
        }
        super().__init__(data, initial=initial)
        offer_latest(self.fields["stories"], stories)
        for number, name in enumerate(self.columns):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=name, choices=FIELD_CHOICES, required=False
            )

    def settings_fields(self) -> list[forms.BoundField]:
        """All but those of the columns."""
        return [self[name] for name in self.fields if not name.startswith("column-")]

    def column_fields(self) -> list[tuple[str, list[str], forms.BoundField]]:
        """Each column, some values of it, and the choice of its field."""
        samples = self.batch.sniffed.get("samples", {})
        return [
            (name, samples.get(name, [])[:2], self[f"column-{number}"])
            for number, name in enumerate(self.columns)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        taken: dict[str, str] = {}
        for number, name in enumerate(self.columns):
            field = given.get(f"column-{number}", "")
            if field and field in taken:
                self.add_error(
                    f"column-{number}", f"“{taken[field]}” is the {field_name(field).lower()} already."
                )
            elif field:
                taken[field] = name
        return given

    def mapping(self) -> dict[str, str]:
        """The columns that are to be something else than they seem to be."""
        guessed: Mapping[str, str] = self.batch.sniffed.get("columns", {})
        kept = {name: field for name, field in self.batch.mapping.items() if name not in self.columns}
        chosen = {
            name: self.cleaned_data[f"column-{number}"]
            for number, name in enumerate(self.columns)
            if self.cleaned_data[f"column-{number}"] != guessed.get(name, "")
        }
        return kept | chosen


class KeepForm(forms.Form):
    """Whether how a file was read is kept for the import's own source, or for a new one of that name."""

    name = forms.CharField(required=False, max_length=200, widget=AdminTextInputWidget)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name and ImportSource.objects.filter(name__iexact=name).exists():
            raise ValidationError(f"There is a source “{name}” already.")
        return name


class MappingField(forms.CharField):
    """Column → field as lines of text, “column = field”."""

    widget = AdminTextareaWidget(attrs={"rows": 8})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{column} = {field or 'nothing'}" for column, field in value.items())
        return value

    def to_python(self, value: Any) -> Any:
        found: dict[str, str] = {}
        for line in filter(None, map(str.strip, (value or "").splitlines())):
            column, sign, field = (part.strip() for part in line.rpartition("="))
            if not sign or not column:
                raise ValidationError(f"“{line}” is no “column = field”.")
            if field not in COLUMNS and field != "nothing":
                raise ValidationError(
                    f"“{field}” is no field. The fields are {', '.join(COLUMNS)}; “nothing” leaves a column out."
                )
            found[column] = field if field != "nothing" else ""
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ImportSourceForm(SourceModelForm):
    """Without a Meta: the admin names the fields."""

    mapping = MappingField(
        required=False,
        help_text="One column a line, such as “Titel = headline”; “Rubrik = nothing” leaves one out. What isn’t "
        "named is known by its usual names.",
    )
    format = forms.ChoiceField(choices=[AS_FOUND, *FORMATS.items()], required=False)
    delimiter = forms.ChoiceField(choices=DELIMITERS, required=False)
    identity = forms.ChoiceField(label="The same article is known by", choices=Import.Identity.choices)
    policy = forms.ChoiceField(
        label="If rows are rejected",
        choices=Import.Policy.choices,
    )
    stories = stories_to_choose()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stories" in self.fields:  # not for who may only look
            chosen = self.instance.stories.values_list("pk", flat=True) if self.instance.pk else ()
            offer_latest(self.fields["stories"], chosen)

    def clean_language(self) -> str:
        return clean_language(self.cleaned_data["language"])

    def clean_encoding(self) -> str:
        return clean_encoding(self.cleaned_data["encoding"])
