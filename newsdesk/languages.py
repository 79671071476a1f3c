"""In which language a page speaks: the one that its reader's browser asks for, or the one that the reader chose.

The desk, the admin site and the formats for programs speak `settings.LANGUAGE_CODE`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlsplit, urlunsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from newsdesk.middleware import GetResponse

ONE_LANGUAGE = ("/desk/", "/admin/")
"""Where these addresses begin, everything is in `settings.LANGUAGE_CODE`."""


def in_the_readers_language(get_response: GetResponse) -> GetResponse:
    """Middleware: translates what the view answers, and says by what it varies.

    A page in a language that a reader chose differs by a cookie, so no shared cache may keep it. All others are the
    same for everybody whose browser asks for the same languages.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ONE_LANGUAGE):
            with translation.override(settings.LANGUAGE_CODE):
                return get_response(request)
        chosen = choice(request)
        with translation.override(chosen or translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response  # for programs: in no language, or the same for everybody
        response.headers["Content-Language"] = request.LANGUAGE_CODE
        patch_vary_headers(response, ["Accept-Language"])
        if chosen:
            patch_vary_headers(response, ["Cookie"])
            kept = response.headers.get("Cache-Control", "")
            response.headers["Cache-Control"] = kept.replace("public", "private") or "private, no-store"
        return response

    return middleware


def choice(request: HttpRequest) -> str | None:
    """The language that the reader chose; None where the browser's languages count."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return cookie if cookie in dict(settings.LANGUAGES) else None


def in_one_language[**P, R: HttpResponseBase](
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R]:
    """For formats that programs read: what they say in words is in one language, for everybody."""

    @wraps(view)
    def untranslated(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with translation.override(settings.LANGUAGE_CODE):
            return view(request, *args, **kwargs)

    return untranslated


class LanguageForm(forms.Form):
    """A language; empty for what the browser asks for."""

    language = forms.ChoiceField(
        required=False,
        label=_("Language"),
        widget=forms.RadioSelect,
        choices=[("", _("The language of your browser")), *settings.LANGUAGES],
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Choosing a language: it is kept in a cookie, and the reader comes back to the page they came from."""
    back = request.POST.get("next") or request.headers.get("Referer", "")
    if request.method != "POST":
        form = LanguageForm(initial={"language": choice(request) or "", "next": _within(request, back)})
        return render(request, "language.html", {"form": form})
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return render(request, "language.html", {"form": form}, status=422)
    response = HttpResponseRedirect(_within(request, back))
    if chosen := form.cleaned_data["language"]:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


def _within(request: HttpRequest, address: str) -> str:
    """The address without its host if it is of this site; else, and for the page of the choice, the front page."""
    front = reverse("stories")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return front
    parts = urlsplit(address)
    if not parts.path.startswith("/") or parts.path == request.path:
        return front
    path = urlunsplit(("", "", parts.path, parts.query, ""))
    return path if url_has_allowed_host_and_scheme(path, None) else front
