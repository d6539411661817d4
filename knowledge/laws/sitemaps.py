"""Laws for the crawlers of web search engines: articles are reached from their law."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from .models import Law


class LawSitemap(Sitemap):
    """One address a law."""

    limit = 2000

    def items(self) -> "QuerySet[Law]":
        """All laws, in a stable order."""
        return Law.objects.order_by("pk")

    def location(self, item: Law) -> str:
        """The page of the law's current edition."""
        return item.get_absolute_url()
