"""The back office of covenants."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from knowledge.samples import register_log_action

from .backoffice import AdoptionView, AdoptionViewSet, BeginView, CompareView, PaperView, WordPatternViewSet
from .models import Adoption


@hooks.register("register_log_actions")
def sample_log_action(actions: LogActionRegistry) -> None:
    """Name the loading of samples in the history of pages."""
    register_log_action(actions)


@hooks.register("register_admin_viewset")
def adoptions() -> AdoptionViewSet:
    """The procedures."""
    return AdoptionViewSet("covenants_adoptions", url_prefix="covenants/adoptions")


@hooks.register("register_admin_viewset")
def word_patterns() -> WordPatternViewSet:
    """What reviewers look for."""
    return WordPatternViewSet("covenants_patterns", url_prefix="covenants/patterns")


@hooks.register("register_admin_urls")
def pages() -> list[URLPattern]:
    """The steps of a procedure."""
    return [
        path("covenants/begin/", BeginView.as_view(), name="covenants_begin"),
        path("covenants/adoption/<int:pk>/", AdoptionView.as_view(), name="covenants_adoption"),
        path("covenants/<int:covenant>/compare/", CompareView.as_view(), name="covenants_compare"),
        path("covenants/paper/<int:pk>/", PaperView.as_view(), name="covenants_paper"),
    ]


@hooks.register("before_delete_page")
def keep_what_was_adopted(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A covenant with a procedure is unpublished, never deleted: its versions are the village's record."""
    if not Adoption.objects.filter(covenant__path__startswith=page.path).exists():
        return None
    messages.error(request, _("这里有走过制定程序的村规民约，不能删除；可以取消发布。"))
    return redirect("wagtailadmin_pages:edit", page.pk)
