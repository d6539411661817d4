"""The site's addresses. Each app owns what is below its prefix; everything else is a Wagtail page."""

from django.conf import settings
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps import Sitemap as PageSitemap
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from knowledge.laws.sitemaps import LawSitemap
from knowledge.points.sitemaps import PointsSitemap
from registry.organizations.sitemaps import OrganizationSitemap

SITEMAPS = {"pages": PageSitemap, "laws": LawSitemap, "organizations": OrganizationSitemap, "points": PointsSitemap}

urlpatterns: list[URLPattern | URLResolver] = [
    path("-/", include("home.urls")),
    path("account/", include("accounts.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("search/", include("search.urls")),
    path("laws/", include("knowledge.laws.urls")),
    path("funds/", include("registry.funds.urls")),
    path("organizations/", include("registry.organizations.urls")),
    path("points/", include("knowledge.points.urls")),
    path("verify/", include("printing.urls")),
    path("volunteer/", include("registry.volunteers.urls")),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]

if settings.DEBUG:
    urlpatterns += staticfiles_urlpatterns()
if settings.SERVE_MEDIA:
    urlpatterns += [path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT})]

urlpatterns += [path("", include("knowledge.guides.urls")), path("", include(wagtail_urls))]

handler400 = "home.views.bad_request"
handler500 = "home.views.server_error"
