"""Addresses of laws and articles."""

from django.urls import path, register_converter

from . import views


class DateSlug:
    """The date of an edition, or `undated`."""

    regex = r"[0-9-]{1,10}|undated"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ArticleKey:
    """An article in an address: 1079, 133-1, 5~2, annex-1. Case and leading zeros are put right by the view."""

    regex = r"[0-9A-Za-z~_-]{1,40}"

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        return value


register_converter(DateSlug, "edition_date")
register_converter(ArticleKey, "article_key")

app_name = "laws"
urlpatterns = [
    path("", views.law_list, name="list"),
    path("<slug:slug>/", views.law, name="law"),
    path("<slug:slug>/part/<slug:key>/", views.division, name="division"),
    path("<slug:slug>/<article_key:key>/", views.article, name="article"),
    path("<slug:slug>/@<edition_date:day>/", views.law, name="edition"),
    path("<slug:slug>/@<edition_date:day>/part/<slug:key>/", views.division, name="edition_division"),
    path("<slug:slug>/@<edition_date:day>/<article_key:key>/", views.article, name="edition_article"),
]
