"""Villages' points for the crawlers of web search engines."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from .models import Rules


class PointsSitemap(Sitemap):
    """One address for each village that keeps points."""

    limit = 2000

    def items(self) -> "QuerySet[Rules]":
        """In a stable order."""
        return Rules.objects.select_related("place").order_by("pk")

    def location(self, item: Rules) -> str:
        """The public page."""
        return reverse("points:village", args=[item.place.code])
