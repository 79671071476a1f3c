"""What editors work with."""

from django.urls import URLPattern, path

from annotations.views.desk import (
    actors,
    annotating,
    articles,
    claim_board,
    claims,
    events,
    home,
    merging,
    people,
    quotes,
    review,
    stories,
    utterances,
)

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
    path("quotes/<uuid:uuid>/revival/", quotes.revival, name="quote-revival"),
    path("quotes/<uuid:uuid>/undo/", quotes.undo, name="quote-undo"),
    path("quotes/<uuid:uuid>/check/", quotes.check, name="quote-check"),
    path("quotes/<uuid:uuid>/separation/", quotes.separation, name="quote-separation"),
    path("actors/options/", actors.options, name="actor-options"),
    path("actors/roles/", actors.roles, name="actor-roles"),
]
home_urls: list[URLPattern] = [
    path("", home.home, name="home"),
    path("lists/<slug:slug>/", home.listed, name="list"),
    path("acts/", home.acts, name="acts"),
    path("articles/", articles.articles, name="articles"),
]
story_urls: list[URLPattern] = [
    path("stories/", stories.stories, name="stories"),
    path("stories/new/", stories.new_story, name="story-new"),
    path("stories/<slug:slug>/", stories.story, name="story"),
    path("stories/<slug:slug>/publication/", stories.publication, name="story-publication"),
    path("stories/<slug:slug>/articles/", stories.story_articles, name="story-articles"),
    path("stories/<slug:slug>/articles/<int:pk>/removal/", stories.article_removal, name="story-removal"),
    path("stories/<slug:slug>/claims/", claims.claims, name="claims"),
    path("stories/<slug:slug>/claims/new/", claims.new_claim, name="claim-new"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
    path("claims/<int:pk>/order/", claims.claim_order, name="claim-order"),
    path("claims/<int:pk>/merging/", claim_board.merging, name="claim-merging"),
    path("claims/<int:pk>/split/", claim_board.split, name="claim-split"),
    path("claims/<int:pk>/split/undo/", claim_board.split_undone, name="claim-split-undo"),
    path("claims/<int:pk>/retirement/", claim_board.retirement, name="claim-retirement"),
    path("claims/<int:pk>/revival/", claim_board.revival, name="claim-revival"),
    path("claims/<int:pk>/untagged/", claims.claim_untagged, name="claim-untagged"),
    path("claims/<int:pk>/stances/<uuid:uuid>/", claims.claim_stance, name="claim-stance"),
]
event_urls: list[URLPattern] = [
    path("stories/<slug:slug>/events/", events.events, name="events"),
    path("stories/<slug:slug>/events/new/", events.new_event, name="event-new"),
    path("articles/<int:pk>/events/", events.article_events, name="article-events"),
    path("events/dates/", events.dates, name="event-dates"),
    path("events/<uuid:uuid>/", events.event, name="event"),
    path("events/<uuid:uuid>/publication/", events.publication, name="event-publication"),
    path("events/<uuid:uuid>/withdrawal/", events.withdrawal, name="event-withdrawal"),
    path("events/<uuid:uuid>/rejection/", events.rejection, name="event-rejection"),
    path("events/<uuid:uuid>/revival/", events.revival, name="event-revival"),
    path("events/<uuid:uuid>/undo/", events.undo, name="event-undo"),
    path("events/<uuid:uuid>/check/", events.check, name="event-check"),
    path(
        "events/<uuid:uuid>/evidence/<int:article>/<int:part>/removal/",
        events.evidence_removal,
        name="event-evidence",
    ),
]
people_urls: list[URLPattern] = [
    path("actors/", people.actors, name="actors"),
    path("actors/new/", people.new_actor, name="actor-new"),
    path("actors/<int:pk>/", people.actor, name="actor"),
    path("actors/duplicates/", merging.likely, name="duplicates"),
    path("actors/<int:pk>/beside/", merging.choose, name="actor-beside-whom"),
    path("actors/<int:pk>/beside/<int:other>/", merging.beside, name="actor-beside"),
    path("actors/<int:pk>/beside/<int:other>/merging/", merging.merge, name="actor-merging"),
    path("actors/<int:pk>/beside/<int:other>/apart/", merging.apart, name="actor-apart"),
    path("actors/<int:pk>/parting/", merging.part, name="actor-parting"),
    path("actors/<int:pk>/split/", merging.split, name="actor-split"),
    path("actors/<int:pk>/split/undo/", merging.split_undone, name="actor-split-undo"),
    path("actors/<int:pk>/aliases/", people.aliases, name="actor-aliases"),
    path("actors/<int:pk>/roles/new/", people.new_role, name="role-new"),
    path("aliases/<int:pk>/removal/", people.alias_removal, name="alias-removal"),
    path("roles/<int:pk>/", people.role, name="role"),
    path("roles/<int:pk>/removal/", people.role_removal, name="role-removal"),
]
review_urls: list[URLPattern] = [
    path("review/", review.review, name="review"),
    path("review/all/", review.everything, name="review-all"),
    path("review/all/undo/", review.everything_undone, name="review-all-undo"),
    path("review/<uuid:uuid>/", review.suggestion, name="review-one"),
    path("review/<uuid:uuid>/rejection/", review.rejection, name="review-rejection"),
    path("review/<uuid:uuid>/undo/", review.undo, name="review-undo"),
]
utterance_urls: list[URLPattern] = [
    path("utterances/", utterances.utterances, name="utterances"),
    path("utterances/distinction/", utterances.distinction, name="utterances-apart"),
    path("utterances/undo/", utterances.undoing, name="utterances-undo"),
]
urlpatterns: list[URLPattern] = [
    *home_urls,
    *utterance_urls,
    *review_urls,
    *story_urls,
    *event_urls,
    *people_urls,
    *annotating_urls,
]
