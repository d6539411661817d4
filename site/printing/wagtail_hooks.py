"""Printing in the back office: the pages of batches and their entry in the menu of reports."""

from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import batch_views


@hooks.register("register_admin_urls")
def batch_urls() -> list[URLPattern | URLResolver]:
    """`/admin/printing/batches/`, for everybody who may enter the back office; each sees their own."""
    return [path("printing/batches/", include((batch_views.urlpatterns, "printing_batches")))]


@hooks.register("register_reports_menu_item")
def batches_item() -> MenuItem:
    """The list of one's own batches."""
    return MenuItem(_("批量打印"), reverse("printing_batches:index"), name="batches", icon_name="download", order=900)
