"""Which pages an editor may edit: those that stand at the places where they hold the role, and those below them.

A page class stands at a place when it has a foreign key `place` to one. What may be done is decided by today's
appointments each time it is asked, beside what Wagtail's groups give: an appointment that ends takes its pages with it
at once. An editor may also add a page to a shelf: a page of no place whose children stand at places.
"""

from collections.abc import Collection, Iterable
from functools import cache, reduce
from operator import or_
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.models import Page
from wagtail.models.pages import AbstractPage
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from accounts.models import Appointment, User
from accounts.roles import roles_with
from accounts.scoping import places_for, places_with, rows_for
from accounts.viewsets import narrow
from registry.places.models import Place, on_the_way, subtree

EDIT_PAGES = "accounts.edit_pages"
"""The permission that the role of an editor has."""

_EDITING = frozenset({"add", "change", "publish", "lock", "unlock"})


def stands_at_a_place(model: type[models.Model]) -> bool:
    """Whether pages of a class stand at a place."""
    try:
        field = model._meta.get_field("place")
    except FieldDoesNotExist:
        return False
    return isinstance(field, models.ForeignKey) and field.related_model is Place


@cache
def placed_models() -> tuple[type[Page], ...]:
    """The page classes that stand at a place."""
    return tuple(model for model in apps.get_models() if issubclass(model, Page) and stands_at_a_place(model))


@cache
def _shelf_models() -> tuple[type[Page], ...]:
    parents = {parent for model in placed_models() for parent in model.allowed_parent_page_models()}
    return tuple(model for model in parents if model is not Page and not stands_at_a_place(model))


class Reach(NamedTuple):
    """The pages that somebody edits by appointment, by path, and the shelves to which they may add."""

    own: dict[str, Page]
    shelves: dict[str, Page]

    def actions(self, page: AbstractPage) -> frozenset[str]:
        """What may be done with a page."""
        path, step = page.path or "", Page.steplen
        if any(path[:length] in self.own for length in range(step, len(path) + 1, step)):
            return _EDITING
        return frozenset({"add"}) if path in self.shelves else frozenset()

    def pages(self) -> list[Page]:
        """All of them."""
        return [*self.own.values(), *self.shelves.values()]


_NOTHING = Reach({}, {})


def reach_of(user: Any) -> Reach:
    """What somebody edits by appointment; read once for each user object (that is, once a request)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active or user.is_superuser:
        return _NOTHING
    found: Reach | None = getattr(user, "_pages_reached", None)
    if found is None:
        found = user._pages_reached = _read(places_with(user, EDIT_PAGES))
    return found


def _read(places: list[Place]) -> Reach:
    if not places:
        return _NOTHING
    own = [Q(pk__in=_at(model, places)) for model in placed_models()]
    shelves = [Q(pk__in=model._base_manager.values("pk")) for model in _shelf_models()]
    return Reach(_by_path(own), _by_path(shelves))


def _by_path(conditions: list[Q]) -> dict[str, Page]:
    if not conditions:
        return {}
    pages = Page.objects.filter(reduce(or_, conditions)).only("pk", "path", "depth", "numchild", "title")
    return {page.path: page for page in pages}


def _at(model: type[Page], places: Iterable[Place]) -> Any:
    return model._base_manager.filter(subtree(places, "place")).values("pk")


class _Held(NamedTuple):
    """Like a GroupPagePermission, for one page."""

    page: Any
    page_id: int
    permission: Any


class PlacePagePolicy(PagePermissionPolicy):
    """Wagtail's policy of pages, and beside it the appointments of editors."""

    def __call__(self, page: AbstractPage) -> "PlacePagePolicy":
        """The policy for one page: Wagtail's registry calls what it holds, with the page that is asked about."""
        return _PolicyOfPage(page)

    def user_has_any_permission(self, user: Any, actions: Collection[str]) -> bool:
        """Whether the user may do any of these with any page."""
        if super().user_has_any_permission(user, actions):
            return True
        return bool(_EDITING & set(actions)) and bool(reach_of(user).pages())

    def user_has_any_permission_for_instance(self, user: Any, actions: Collection[str], instance: Any) -> bool:
        """Whether the user may do any of these with this page."""
        if super().user_has_any_permission_for_instance(user, actions, instance):
            return True
        return bool(reach_of(user).actions(instance) & set(actions))

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> Any:
        """The pages with which the user may do any of these."""
        pages = super().instances_user_has_any_permission_for(user, actions)
        reach, asked = reach_of(user), set(actions)
        if _EDITING & asked and reach.own:
            pages |= self.model._default_manager.filter(_own(reach))
        if "add" in asked and reach.shelves:
            pages |= self.model._default_manager.filter(pk__in=[page.pk for page in reach.shelves.values()])
        return pages

    def users_with_any_permission(self, actions: Collection[str], include_superusers: bool = True) -> Any:
        """Who may do any of these with some page."""
        users = super().users_with_any_permission(actions, include_superusers)
        return _with_editors(users, Q()) if _EDITING & set(actions) else users

    def users_with_any_permission_for_instance(
        self, actions: Collection[str], instance: Any, include_superusers: bool = True
    ) -> Any:
        """Who may do any of these with this page."""
        users = super().users_with_any_permission_for_instance(actions, instance, include_superusers)
        place = place_of(instance)
        if place is None or not _EDITING & set(actions):
            return users
        return _with_editors(users, Q(place__path__in=on_the_way([place.path])))

    def instances_with_direct_explore_permission(self, user: Any) -> Any:
        """The pages from which the user's tree begins."""
        pages = super().instances_with_direct_explore_permission(user)
        return pages if user.is_superuser else [*pages, *reach_of(user).pages()]

    def explorable_instances(self, user: Any) -> Any:
        """The pages that the user may edit, and those on the way to them."""
        if (everything := self._base_queryset_for_user(user)) is not None:
            return everything
        root = self.explorable_root_instance(user)
        if root is None:
            return self.model._default_manager.none()
        actions = {"add", "change", "publish", "lock", "unlock", "bulk_delete"}
        step = Page.steplen
        way = {
            page.path[:length]
            for page in self.instances_with_direct_explore_permission(user)
            for length in range(len(root.path), len(page.path) + 1, step)
        }
        pages = self.instances_user_has_any_permission_for(user, actions)
        return (pages | self.model._default_manager.filter(path__in=way)).filter(path__startswith=root.path)


class _PolicyOfPage(PlacePagePolicy):
    """What is held for one page, as Wagtail's tester of pages reads it."""

    def __init__(self, page: AbstractPage) -> None:
        super().__init__()
        self.page = page

    def get_cached_permissions_for_user(self, user: Any) -> list[Any]:
        """What groups give, and what the appointments give for this page."""
        held = [
            _Held(self.page, self.page.pk, SimpleNamespace(codename=f"{action}_page"))
            for action in sorted(reach_of(user).actions(self.page))
        ]
        return [*super().get_cached_permissions_for_user(user), *held]


def _own(reach: Reach) -> Q:
    condition = Q(pk__in=[page.pk for page in reach.own.values()])
    for page in reach.own.values():
        if page.numchild:
            condition |= Q(path__startswith=page.path)
    return condition


def _with_editors(users: Any, where: Q) -> Any:
    editors = Appointment.objects.current().filter(where, role__in=roles_with(EDIT_PAGES))
    return User.objects.filter(is_active=True).filter(
        Q(pk__in=users.order_by().values("pk")) | Q(pk__in=editors.values("user"))
    )


def place_of(page: AbstractPage) -> Place | None:
    """Where a page stands: its own place, else that of the nearest page above it that has one."""
    for one in [page, *reversed(page.get_ancestors())]:
        specific = one.specific
        if stands_at_a_place(type(specific)) and specific.place is not None:
            found: Place = specific.place
            return found
    return None


def register() -> None:
    """Put the pages under this policy."""
    register_permission_policy(AbstractPage, PlacePagePolicy())


class PlacePageForm(WagtailAdminPageForm):
    """The form of a page that stands at a place. Who edits by appointment puts it at a place of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "place" not in self.fields or self.for_user is None:
            return
        by_appointment = self._edits_by_appointment()
        allowed = places_for(self.for_user, EDIT_PAGES) if by_appointment else rows_for(Place, self.for_user)
        kept = Q(pk=self.instance.place_id) if self.instance.pk else Q(pk__in=[])
        field = self.fields["place"]
        narrow(field, field.queryset.filter(kept | Q(pk__in=allowed.values("pk"))))
        field.required = by_appointment

    def _edits_by_appointment(self) -> bool:
        """Whether the user has the page, or the shelf that it comes onto, by appointment alone."""
        if self.for_user.is_superuser:
            return False
        page = self.instance if self.instance.pk else self.parent_page
        by_groups = PagePermissionPolicy()
        return page is None or not by_groups.user_has_any_permission_for_instance(
            self.for_user, {"add", "change"}, page
        )

    def clean_place(self) -> Place | None:
        """Say plainly what Wagtail's chooser leaves out."""
        place: Place | None = self.cleaned_data["place"]
        if place is None and self.fields["place"].required:
            raise ValidationError(_("请选这个页面所在的地方。"))
        return place
