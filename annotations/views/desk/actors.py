"""Actors as the annotating page's form needs them: names to choose from while one types, and roles of one."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.access import editors_only
from annotations.forms.quotes import RoleForm
from annotations.naming import described, offered


class OfferForm(forms.Form):
    q = forms.CharField(max_length=200)
    outlets = forms.BooleanField(required=False)
    list = forms.SlugField(max_length=40)


@editors_only
@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """The options of a combobox for what was typed (`q`): actors, with `outlets` outlets too."""
    form = OfferForm(request.GET)
    found = []
    if form.is_valid():
        words = form.cleaned_data["q"]
        found = described(offered(words, outlets=form.cleaned_data["outlets"]))
    context = {"options": found, "list": form.data.get("list") if form.is_valid() else "names"}
    return render(request, "annotations/desk/names.html#options", context)


@editors_only
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The choices for a quote's role, once its speaker or its date is known or another."""
    form = RoleForm(request.GET)
    context = {"options": form.options(), "chosen": form.data.get("role", "")}
    return render(request, "annotations/desk/quote_form.html#roles", context)
