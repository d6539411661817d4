"""Places, roles and the audit in the back office."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.models import Page
from wagtail.permissions import policy_registry

from accounts.desk.appointments import appointment_viewset
from accounts.desk.audit_lines import audit_viewset
from accounts.desk.choosers import PlaceChooserViewSet, place_chooser_viewset
from accounts.desk.leaving import deletion_viewset
from accounts.desk.places import place_viewset


class PlacesAndPeople(ViewSetGroup):
    """What stands where, who may do what, and who did."""

    menu_label = _("地方与人员")
    menu_icon = "site"
    menu_order = 470
    items = (place_viewset, appointment_viewset, audit_viewset, deletion_viewset)


@hooks.register("register_admin_viewset")
def places_and_people() -> ViewSetGroup:
    """One entry in the menu."""
    return PlacesAndPeople()


@hooks.register("register_admin_viewset")
def place_chooser() -> PlaceChooserViewSet:
    """The dialog in which a place is chosen."""
    return place_chooser_viewset


@hooks.register("construct_page_chooser_queryset")
def offer_published_pages_and_ones_own(pages: Any, request: HttpRequest) -> Any:
    """Links lead to what is published; another's draft is nothing to choose, and its title nothing to read."""
    if request.user.is_superuser:
        return pages
    own = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))
