"""What the panel beside the text shows when its words are to be evidence of an event."""

import uuid
from typing import Any

from django import forms
from django.urls import reverse

from annotations.evidence import dated_by, days_of
from annotations.forms.events import FIELDS, EventForm, MoreEvidenceForm, NewEventForm
from annotations.forms.spans import WordsForm, parts_of
from annotations.models import Event
from articles.models import Article
from articles.querysets import ArticleQuerySet

NEW_VERSION = "The article has a new version since this page was loaded. "
FOUND_AGAIN = f"{NEW_VERSION}The words stand in it too: look at them, then save."
NOT_FOUND = f"{NEW_VERSION}The words no longer stand in it: select the words again."


def event_panel(
    article: Article,
    words: WordsForm,
    data: Any,
    *,
    form: NewEventForm | None = None,
    adding: MoreEvidenceForm | None = None,
) -> dict[str, Any]:
    """The form on the chosen words, with what was proposed and what was typed; words of an earlier version are
    looked for in the current one."""
    version = article.current_version
    assert version is not None
    spans, notice = (words.spans, "") if words.is_valid() else ([], "")
    if words.is_valid() and words.is_outdated:
        spans = words.on_current()
        notice = FOUND_AGAIN if spans else NOT_FOUND
    stories = list(article.stories.order_by("title", "id"))
    typed = {name: data[name] for name in (*FIELDS, "story") if name in data}
    proposed = dated_by(article, version, spans) if spans and not typed else {}
    return {
        "form": form or NewEventForm(stories=stories, initial={**proposed, **typed}),
        "adding": adding or MoreEvidenceForm(events=Event.objects.of(article).live().by_date()),
        "stories": stories,
        "notice": notice,
        "words_problem": next((str(e) for errors in words.errors.values() for e in errors), ""),
        "version": version,
        "spans": spans,
        "parts": parts_of(version, spans),
        "uuid": (data.get("uuid") if "open" not in data else "") or uuid.uuid4(),
        "action": reverse("desk:article-events", args=[article.pk]),
        "close_url": reverse("desk:article", args=[article.pk]),
    }


class ExpressionForm(forms.Form):
    """Words for a date, in an article."""

    when_expression = forms.CharField(required=False, max_length=200)
    article = forms.ModelChoiceField(ArticleQuerySet(Article).with_outlet(), required=False)


def event_dates(data: Any) -> dict[str, Any]:
    """The fields of the days, filled in where the expression means days; else as they were sent."""
    asked = ExpressionForm(data)
    asked.full_clean()
    sent = {name: data.get(name, "") for name in ("when_earliest", "when_latest")}
    expression, article = asked.cleaned_data.get("when_expression", ""), asked.cleaned_data.get("article")
    found = days_of(expression, article) if expression and article else {}
    return {
        "form": EventForm(initial={**sent, **found}),
        "said": "Days filled in." if found else "",
        "is_open": bool(expression and article and not found),
    }
