"""Importing in the back office."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registry.importing import views
from registry.importing.resources import resources_for


class ImportMenuItem(MenuItem):
    """Shown to those who may import something."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(resources_for(request.user))


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """One entry for all kinds."""
    return ImportMenuItem(_("导入表格"), reverse("importing_index"), name="importing", icon_name="upload", order=460)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """The pages of importing."""
    return [
        path("importing/", views.IndexView.as_view(), name="importing_index"),
        path("importing/<str:key>/upload/", views.UploadView.as_view(), name="importing_upload"),
        path("importing/<str:key>/template/", views.template, name="importing_template"),
        path("importing/runs/<int:pk>/", views.RunView.as_view(), name="importing_run"),
        path("importing/runs/<int:pk>/progress/", views.ProgressView.as_view(), name="importing_progress"),
        path("importing/runs/<int:pk>/<str:what>/", views.download, name="importing_download"),
    ]
