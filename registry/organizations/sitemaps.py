"""Organizations for the crawlers of web search engines."""

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from registry.organizations.models import Organization


class OrganizationSitemap(Sitemap):
    """One address for each registered organization."""

    limit = 2000

    def items(self) -> "QuerySet[Organization]":
        """Those that are registered, in a stable order."""
        return Organization.objects.registered().order_by("pk")
