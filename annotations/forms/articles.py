"""Which articles an editor looks for, and what is to be done with those that were ticked."""

from typing import Any

from django import forms
from django.http import QueryDict

from articles.models import Article, Outlet, Story
from articles.querysets import ArticleQuerySet
from articles.search import Words, matching, understand

MOST_TICKED = 200


class ArticleFilterForm(forms.Form):
    """Words and filters; what is none of them counts as not asked for."""

    q = forms.CharField(label="Words", required=False, max_length=200)
    outlet = forms.ModelChoiceField(
        Outlet.objects.order_by("name", "id"),
        required=False,
        to_field_name="slug",
        empty_label="Any outlet",
    )
    story = forms.ModelChoiceField(
        Story.objects.order_by("title", "id"), required=False, to_field_name="slug", empty_label="Any story"
    )
    undated = forms.BooleanField(label="Only undated", required=False)
    loose = forms.BooleanField(label="Only in no story", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()
        self.words: Words = understand(self.cleaned_data.get("q", ""))

    @property
    def is_on(self) -> bool:
        return any(self.cleaned_data.values())

    def found(self) -> ArticleQuerySet:
        """The articles, in no order yet."""
        chosen: dict[str, Any] = self.cleaned_data
        articles = Article.objects.filter(current_version__isnull=False)
        if chosen.get("q"):
            articles = matching(articles, self.words) if self.words else articles.none()
        if outlet := chosen.get("outlet"):
            articles = articles.filter(outlet=outlet)
        if story := chosen.get("story"):
            articles = articles.filter(stories=story)
        if chosen.get("undated"):
            articles = articles.undated()
        if chosen.get("loose"):
            articles = articles.filter(stories__isnull=True)
        return articles

    def query(self, **more: str) -> str:
        """What is asked for, as a query."""
        query = QueryDict(mutable=True)
        for name, value in self.cleaned_data.items():
            if value:
                query[name] = (
                    value.slug if isinstance(value, (Outlet, Story)) else "on" if value is True else value
                )
        query.update({name: value for name, value in more.items() if value})
        return query.urlencode()


class TickedForm(forms.Form):
    """Articles that were ticked in a list."""

    article = forms.ModelMultipleChoiceField(
        Article.objects.filter(current_version__isnull=False),
        error_messages={
            "required": "Tick the articles first.",
            "invalid_choice": "One of the articles is not there any more. Reload the page.",
            "invalid_pk_value": "One of the articles is not there any more. Reload the page.",
        },
    )

    def clean_article(self) -> Any:
        articles = self.cleaned_data["article"]
        if len(articles) > MOST_TICKED:
            raise forms.ValidationError(f"At most {MOST_TICKED} articles at once.")
        return articles

    @property
    def problem(self) -> str:
        """The first error, in words; empty where there is none."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class IntoStoryForm(TickedForm):
    """Ticked articles, and the story that they are to be added to."""

    story = forms.ModelChoiceField(
        Story.objects.order_by("title", "id"),
        to_field_name="slug",
        label="Add the ticked to",
        empty_label="Choose a story",
        error_messages={
            "required": "Choose the story that the articles are to be added to.",
            "invalid_choice": "That story is not there any more. Choose another.",
        },
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="into-%s")
