"""What editors work with."""

from django.urls import URLPattern, path

from annotations.views.desk import actors, annotating, quotes

app_name = "desk"
annotating_urls: list[URLPattern] = [
    path("articles/<int:pk>/", annotating.article, name="article"),
    path("articles/<int:pk>/sentences/", annotating.sentences, name="sentences"),
    path("articles/<int:pk>/quotes/", quotes.quotes, name="quotes"),
    path("quotes/<uuid:uuid>/", quotes.quote, name="quote"),
    path("quotes/<uuid:uuid>/span/", quotes.span, name="quote-span"),
    path("quotes/<uuid:uuid>/stance/", quotes.stance, name="quote-stance"),
    path("quotes/<uuid:uuid>/publication/", quotes.publication, name="quote-publication"),
    path("quotes/<uuid:uuid>/withdrawal/", quotes.withdrawal, name="quote-withdrawal"),
    path("quotes/<uuid:uuid>/rejection/", quotes.rejection, name="quote-rejection"),
    path("quotes/<uuid:uuid>/undo/", quotes.undo, name="quote-undo"),
    path("quotes/<uuid:uuid>/check/", quotes.check, name="quote-check"),
    path("actors/options/", actors.options, name="actor-options"),
    path("actors/roles/", actors.roles, name="actor-roles"),
]
urlpatterns: list[URLPattern] = [*annotating_urls]
