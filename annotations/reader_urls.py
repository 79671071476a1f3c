"""What everybody may read."""

from django.urls import URLPattern, path

from annotations.views import (
    actors,
    articles,
    claims,
    corrections,
    coverage,
    embeds,
    exports,
    feeds,
    network,
    outlets,
    quotes,
    search,
    stories,
    web_annotations,
)

telling: list[URLPattern] = [
    path("", stories.stories, name="stories"),
    path("stories/<slug:slug>/", stories.story, name="story"),
    path("stories/<slug:slug>/articles/<int:pk>/", articles.article, name="article"),
    path(
        "stories/<slug:slug>/articles/<int:pk>/diff/<int:old>/<int:new>/",
        articles.differences,
        name="article-diff",
    ),
    path(
        "stories/<slug:slug>/articles/<int:pk>/versions/<int:number>.txt", articles.text, name="article-text"
    ),
    path("stories/<slug:slug>/claims/<slug:claim_slug>/", claims.claim, name="claim"),
    path("stories/<slug:slug>/corrections/", corrections.story_corrections, name="story-corrections"),
    path("stories/<slug:slug>/coverage/", coverage.story_coverage, name="story-coverage"),
    path("stories/<slug:slug>/network/", network.story_network, name="story-network"),
    path("stories/<slug:slug>/card.png", embeds.story_picture, name="story-card"),
    path("quotes/<uuid:uuid>/", quotes.quote, name="quote"),
    path("quotes/<uuid:uuid>/embed/", embeds.embed, name="quote-embed"),
    path("quotes/<uuid:uuid>/card.png", embeds.picture, name="quote-card"),
    path("outlets/", outlets.outlets, name="outlets"),
    path("outlets/<slug:slug>/", outlets.outlet, name="outlet"),
    path("actors/", actors.actors, name="actors"),
    path("actors/<slug:slug>/", actors.actor, name="actor"),
]
for_machines: list[URLPattern] = [
    path("feeds/site.<slug:format>", feeds.site_feed, name="site-feed"),
    path("feeds/search.<slug:format>", feeds.search_feed, name="search-feed"),
    path("feeds/stories/<slug:slug>.<slug:format>", feeds.story_feed, name="story-feed"),
    path(
        "feeds/stories/<slug:slug>/claims/<slug:claim_slug>.<slug:format>",
        feeds.claim_feed,
        name="claim-feed",
    ),
    path("feeds/actors/<slug:slug>.<slug:format>", feeds.actor_feed, name="actor-feed"),
    path("stories/<slug:slug>/export/<slug:name>.<slug:format>", exports.story_export, name="story-export"),
    path("oembed", embeds.oembed, name="oembed"),
    path("annotations/", web_annotations.annotation_container, name="annotations"),
    path("annotations/<uuid:uuid>/", web_annotations.annotation, name="annotation"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-news.xml", feeds.news_sitemap, name="sitemap-news"),
    path("sitemap-<slug:section>.xml", feeds.sitemap_section, name="sitemap-section"),
    path("robots.txt", feeds.robots, name="robots"),
]
searching: list[URLPattern] = [
    path("search/", search.search, name="search"),
]
urlpatterns: list[URLPattern] = [*telling, *searching, *for_machines]
