"""Nobody sees beside their own place: every route of the back office, every list, form, chooser and export.

The first part walks the URL configuration: a route of ours that is neither scoped nor exempt, with a reason, fails. The
second opens each registered viewset and chooser as somebody who holds every role in the next village.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from accounts.roles import Role
from accounts.scoping import is_scoped, rows_for
from accounts.viewsets import ScopedChooserViewSet, ScopedModelViewSet
from registry.places.models import Place

from .factories import FACTORIES, make
from .routes import Route, all_routes

# What every editor may see and do, wherever they stand: by model.
SHARED_MODELS = {
    "laws.law": "laws are the same for all",
    "laws.edition": "laws are the same for all",
    "laws.article": "laws are the same for all",
    "laws.lawname": "laws are the same for all",
    "covenants.wordpattern": "what reviewers look for is the site's, given to editors and reviewers by groups",
    "guides.topic": "topics are the site's, given to editors and reviewers by groups",
    "search.synonymgroup": "synonyms are the site's, given to editors and reviewers by groups",
    "accounts.user": "who may sign in: administrators alone, by Django's own permissions",
    "accounts.deletionrequest": "who wants to leave: administrators alone, by Django's own permissions",
}

# The same, by route or by the namespace of the routes.
SHARED_ROUTES = {
    "guides_content_health": "pages, by the policy of pages",
    "guides_content_health_results": "pages, by the policy of pages",
    "printing_batches": "everybody's own print runs: each view asks for the user's",
    "search_unanswered": "what was searched for, of nobody and of no place",
    "search_unanswered_results": "what was searched for, of nobody and of no place",
    "search_unanswered_handled": "what was searched for, of nobody and of no place",
}

# What is public, or its visitor's own, by the module of its views.
PUBLIC_MODULES = {
    "accounts.views": "one's own account: tests/integration/accounts/test_public_accounts.py",
    "home.": "the site itself",
    "knowledge.": "published pages",
    "printing.views": "verifies a code that the visitor holds",
    "registry.funds.views": "disclosure: what the law wants published",
    "registry.organizations.views.public": "the public directory",
    "registry.organizations.views.filing": "the filer's own filings",
    "registry.organizations.views.managing": "the manager's own organizations",
    "registry.volunteers.views.public": "activities to join",
    "registry.volunteers.views.registering": "whoever registers themselves",
    "registry.volunteers.views.organizing": "the manager's own organizations' activities and hours",
    "registry.volunteers.views.own": "the volunteer's own sign-ups and hours",
    "search.": "searches what is published",
}


# --- the walk ---------------------------------------------------------------------------------------------------


def back_office() -> list[Route]:
    return [route for route in all_routes() if route.is_back_office]


def shared_by(route: Route) -> str:
    """The key under which a route is exempt; empty when it is not."""
    if route.model is not None and not is_scoped(route.model) and route.model._meta.label_lower in SHARED_MODELS:
        return route.model._meta.label_lower
    for name in (route.name, route.name.partition(":")[0]):
        if name in SHARED_ROUTES:
            return name
    return ""


def test_the_walk_sees_the_whole_site():
    routes = all_routes()
    assert len(routes) > 300
    assert sum(route.is_ours for route in routes) > 100
    assert {"wagtailadmin_explore", "account:login", "laws:law"} <= {route.name for route in routes}


def test_every_route_about_a_scoped_model_is_scoped():
    open_routes = [
        str(route) for route in back_office() if route.model and is_scoped(route.model) and not route.is_scoped
    ]
    assert open_routes == [], "make the viewset a ScopedModelViewSet or ScopedChooserViewSet"


def test_every_route_of_ours_in_the_back_office_is_scoped_or_shared_for_a_reason():
    open_routes = [str(route) for route in back_office() if route.is_ours and not (route.is_scoped or shared_by(route))]
    assert open_routes == [], "mix in accounts.viewsets.ScopedViewMixin, or say here why all may see it"


def test_no_exemption_outlives_its_route():
    used = {shared_by(route) for route in back_office() if route.is_ours}
    assert (SHARED_MODELS.keys() | SHARED_ROUTES.keys()) - used == set()


def test_every_public_route_of_ours_is_public_for_a_reason():
    unknown = [
        f"{route} ({route.view.__module__})"
        for route in all_routes()
        if route.is_ours
        and not route.is_back_office
        and not route.is_scoped
        and not any(route.view.__module__.startswith(module) for module in PUBLIC_MODULES)
    ]
    assert unknown == []


def test_the_walk_notices_a_route_that_forgot(monkeypatch):
    """The walk itself is tried: a view of a scoped model and a view of ours, neither of them scoped."""
    from django.urls import path
    from wagtail.admin.views.generic import IndexView

    index = path("forgot/", IndexView.as_view(model=Place), name="forgot")
    forgot = Route("admin/forgot/", "forgot", index.callback)
    assert forgot.model is Place
    assert forgot.is_ours
    assert not forgot.is_scoped
    assert not shared_by(forgot)

    def report(request: Any) -> HttpResponse: ...

    report.__module__ = "registry.funds.views"
    plain = Route("admin/report/", "report", report)
    assert plain.is_ours
    assert not plain.is_scoped
    assert not shared_by(plain)


# --- every list, form and chooser -------------------------------------------------------------------------------


def of_scoped_models() -> list[ViewSet]:
    """The viewsets and choosers of models whose rows stand at a place."""
    all_routes()  # has the viewsets registered
    return [
        viewset
        for viewset in viewsets.viewsets
        if isinstance(viewset, (ModelViewSet, ChooserViewSet)) and is_scoped(_model(viewset))
    ]


def _model(viewset: Any) -> type[models.Model]:
    model = viewset.model
    return apps.get_model(model) if isinstance(model, str) else model


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kinds = {"lister": ModelViewSet, "chooser": ChooserViewSet, "viewset": (ModelViewSet, ChooserViewSet)}
    for argument, kind in kinds.items():
        if argument in metafunc.fixturenames:
            found = [viewset for viewset in of_scoped_models() if isinstance(viewset, kind)]
            metafunc.parametrize(argument, found, ids=[viewset.name for viewset in found])


def test_every_scoped_viewset_is_of_the_scoped_kind(viewset):
    assert isinstance(viewset, (ScopedModelViewSet, ScopedChooserViewSet))


def test_every_scoped_model_has_a_factory(viewset):
    assert _model(viewset)._meta.label_lower in FACTORIES, "add one to tests/integration/registry/factories.py"


@pytest.fixture
def neighbour(appoint: Any, sibling: Place) -> User:
    """Somebody who holds every role, in the next village."""
    return appoint(sibling, *Role.values)


@pytest.fixture
def office(neighbour: User) -> Client:
    """The back office as the neighbour sees it. What goes wrong is told, not thrown."""
    client = Client(raise_request_exception=False)
    client.force_login(neighbour, "django.contrib.auth.backends.ModelBackend")
    return client


def rows_in(response: HttpResponse) -> set[Any]:
    """The keys of the rows that a list shows."""
    found: set[Any] = set()
    for name in ("object_list", "results", "page_obj"):
        shown = (response.context or {}).get(name)
        if shown is not None:
            found |= {getattr(row, "pk", None) for row in getattr(shown, "object_list", shown)}
    return found


def is_refused(response: HttpResponse) -> bool:
    """Not there, not allowed, or sent home by the back office."""
    if response.status_code in {403, 404}:
        return True
    return response.status_code == 302 and response.headers["Location"] == reverse("wagtailadmin_home")


def opens_list(office: Client, viewset: ViewSet, **query: Any) -> HttpResponse | None:
    """The list, or nothing where no role may open it at all."""
    response = office.get(reverse(viewset.get_url_name("index")), query)
    if is_refused(response):
        return None
    assert response.status_code == 200, (viewset.name, query, response.status_code)
    return response


def test_a_list_shows_ones_own_and_not_the_neighbours(lister, office, neighbour, village, sibling):
    theirs, own = make(_model(lister), village), make(_model(lister), sibling)
    response = opens_list(office, lister)
    if response is None:
        assert not rows_for(_model(lister), neighbour).exists() or not neighbour.has_perm(_view_permission(lister))
        return
    assert theirs.pk not in rows_in(response)
    if rows_for(_model(lister), neighbour).filter(pk=own.pk).exists():
        found = rows_in(response) | rows_in(opens_list(office, lister, q=str(own)))
        assert own.pk in found
    for address in _addresses(lister, theirs):
        assert address not in response.content.decode()


def _view_permission(viewset: Any) -> str:
    meta = _model(viewset)._meta
    return f"{meta.app_label}.view_{meta.model_name}"


def test_no_search_sorting_or_filter_brings_it_up(lister, office, village, sibling):
    theirs = make(_model(lister), village)
    make(_model(lister), sibling)
    response = opens_list(office, lister)
    if response is None:
        return
    for query in _queries(response, theirs, village):
        narrowed = opens_list(office, lister, **query)
        assert narrowed is not None
        assert theirs.pk not in rows_in(narrowed), query


def _queries(response: HttpResponse, theirs: models.Model, place: Place) -> Iterator[dict[str, Any]]:
    yield {"q": str(theirs)}
    yield {"q": str(theirs)[:2]}
    view = response.context["view"]
    for column in getattr(view, "columns", []):
        if sort_key := getattr(column, "sort_key", None):
            yield {"ordering": sort_key}
            yield {"ordering": f"-{sort_key}"}
    filters = getattr(view, "filters", None)
    for name in getattr(filters, "filters", {}):
        for value in {place.pk, theirs.pk, _value(theirs, name)} - {None}:
            yield {name: value}


def _value(row: models.Model, name: str) -> Any:
    value = row
    for part in name.split("__"):
        value = getattr(value, part, None)
    return getattr(value, "pk", value) if not callable(value) else None


def test_filters_offer_nothing_from_beside(lister, office, neighbour, village):
    make(_model(lister), village)
    response = opens_list(office, lister)
    if response is None:
        return
    filters = getattr(response.context["view"], "filters", None)
    if filters is not None:
        _assert_choices_are_reached(filters.form, neighbour)


def _assert_choices_are_reached(form: Any, user: User) -> None:
    for name, field in form.fields.items():
        queryset = getattr(field, "queryset", None)
        if queryset is not None and is_scoped(queryset.model):
            beside = queryset.exclude(pk__in=rows_for(queryset.model, user).values("pk"))
            assert not beside.exists(), f"{name} offers {list(beside[:3])}"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_what_the_list_shows(lister, office, neighbour, village, sibling, kind):
    theirs, own = make(_model(lister), village), make(_model(lister), sibling)
    response = opens_list(office, lister, export=kind)
    if response is None or "attachment" not in response.get("Content-Disposition", ""):
        return
    content = b"".join(response.streaming_content) if response.streaming else response.content
    lines = _lines(content, kind)
    assert len(lines) - 1 <= rows_for(_model(lister), neighbour).count()
    if str(theirs) not in str(own):
        assert str(theirs) not in {str(cell) for line in lines for cell in line}


def _lines(content: bytes, kind: str) -> list[Any]:
    if kind == "csv":
        return [line for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if any(line)]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [line for line in sheet.iter_rows(values_only=True) if any(cell not in (None, "") for cell in line)]


def _addresses(viewset: Any, row: models.Model) -> Iterator[str]:
    """The addresses of every view of the viewset that is about one row."""
    for pattern in viewset.get_urlpatterns():
        if pattern.name and pattern.pattern.converters.keys() == {"pk"}:
            try:
                yield reverse(viewset.get_url_name(pattern.name), args=[row.pk])
            except NoReverseMatch:  # pragma: no cover - a converter of another kind of key
                continue


def test_nothing_opens_by_its_number(lister, office, village, sibling):
    theirs = make(_model(lister), village)
    before = type(theirs)._base_manager.filter(pk=theirs.pk).values().get()
    for address in _addresses(lister, theirs):
        for response in (office.get(address), office.post(address, {"name": "taken over"})):
            assert is_refused(response) or response.status_code == 405, (address, response.status_code)
    assert type(theirs)._base_manager.filter(pk=theirs.pk).values().get() == before


def test_forms_offer_nothing_from_beside(lister, office, neighbour, village, sibling):
    make(_model(lister), village)
    own = make(_model(lister), sibling)
    addresses = [address for address in _addresses(lister, own) if "/edit/" in address]
    if "add" in {pattern.name for pattern in lister.get_urlpatterns()}:
        addresses.append(reverse(lister.get_url_name("add")))
    for address in addresses:
        response = office.get(address)
        if response.status_code == 200 and response.context and "form" in response.context:
            _assert_choices_are_reached(response.context["form"], neighbour)


def test_forms_echo_nothing_from_beside(lister, office, village, sibling):
    """A form that is sent back with the number of another's row must not tell the row's name."""
    if "add" not in {pattern.name for pattern in lister.get_urlpatterns()}:
        return
    address = reverse(lister.get_url_name("add"))
    shown = office.get(address)
    if shown.status_code != 200 or not shown.context or "form" not in shown.context:
        return
    for name, field in shown.context["form"].fields.items():
        model = getattr(getattr(field, "queryset", None), "model", None)
        if model is None or not is_scoped(model) or model._meta.label_lower not in FACTORIES:
            continue
        for sent in (make(model, village), "abc"):
            response = office.post(address, {name: getattr(sent, "pk", sent)})
            assert response.status_code == 200, (name, sent, response.status_code)
            assert str(sent) not in response.content.decode() or sent == "abc"


def test_a_chooser_offers_ones_own(chooser, office, neighbour, village, sibling):
    theirs, own = make(_model(chooser), village), make(_model(chooser), sibling)
    for name in ("choose", "choose_results"):
        for query in ({}, {"q": str(theirs)}, {"ordering": "-pk"}, {"place": village.pk}):
            response = office.get(reverse(chooser.get_url_name(name)), query)
            if is_refused(response):
                continue
            assert response.status_code == 200
            assert theirs.pk not in rows_in(response)
            assert reverse(chooser.get_url_name("chosen"), args=[theirs.pk]) not in response.content.decode()
    assert is_refused(office.get(reverse(chooser.get_url_name("chosen"), args=[theirs.pk])))
    several = office.get(reverse(chooser.get_url_name("chosen_multiple")), {"id": [theirs.pk, own.pk]})
    if several.status_code == 200:
        assert str(theirs) not in several.content.decode()


def test_the_sites_history_tells_nothing_from_beside(office, neighbour, village, sibling):
    from wagtail.log_actions import log

    theirs, own = make(Place, village), make(Place, sibling)
    for row in (theirs, own):
        log(instance=row, action="wagtail.edit", user=neighbour)
    shown = office.get(reverse("wagtailadmin_reports:site_history")).content.decode()
    assert theirs.name not in shown
    assert own.name in shown
