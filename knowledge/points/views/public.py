"""What everybody may see of a village's points. What was taken from a household is never among it."""

from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from knowledge.covenants.models import CovenantPage
from printing import charts
from registry.places.models import Kind, Place
from search.ratelimit import limited

from .. import figures, passbooks
from ..actions import claims
from ..actions.rules import rules_of
from ..choices import Category
from ..forms import ObjectionForm
from ..models import Claim, Honour, Item, Nomination, Reward, Rules

_PUBLICITY_SHOWN = 6
_PER_PAGE = 50
_CHART_WIDTH = 500
"""What two charts side by side have on a wide screen: their letters are then as large as others."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The villages that keep points, township by township."""
    kept = Place.objects.filter(pk__in=Rules.objects.values("place")).order_by("path")
    above = {place.path: place.name for place in Place.objects.of_kind(Kind.TOWNSHIP)}
    groups = [
        (above.get(path, ""), list(places))
        for path, places in groupby(kept, lambda place: place.path[: -Place.steplen])
    ]
    context = {"groups": groups, "breadcrumbs": [(_("积分"), "")]}
    return render(request, "points/index.html", context)


@require_safe
def village(request: HttpRequest, code: str) -> HttpResponse:
    """A village's totals, its rules, what is in publicity, who leads."""
    place = village_of(code)
    rules, today = rules_of(place), timezone.localdate()
    months = figures.trend(place, until=today)
    year = today.replace(month=1, day=1)
    categories = figures.by_category(place, since=year, until=today)
    public = publicity_of(place)
    context = _page(place) | {
        "rules": rules,
        "expires_at_end_of": today.year + rules.valid_years,
        "months": months,
        "this_month": months[-1],
        "last_month": months[-2],
        "year_points": sum(categories.values()),
        "trend": charts.columns(
            [(month.label, month.points) for month in months],
            title=_("近十二个月积分"),
            unit=_("分"),
            width=_CHART_WIDTH,
        ),
        "categories": charts.bars(
            [(str(Category(name).label), points) for name, points in categories.items()],
            title=_("今年各类积分"),
            unit=_("分"),
            width=_CHART_WIDTH,
        ),
        "category_rows": [(Category(name).label, points) for name, points in categories.items()],
        "public": public[:_PUBLICITY_SHOWN],
        "public_count": public.count(),
        "items": _items(place),
        "top": figures.top(place, count=rules.names_on_top, since=year, until=today),
        "rewards": Reward.objects.filter(place=place).on_offer(today),
        "honours": _honours(place),
        "covenant": CovenantPage.objects.live().filter(place=place).first(),
        "breadcrumbs": [(_("积分"), reverse("points:index")), (place.name, "")],
    }
    return render(request, "points/village.html", context)


def village_of(code: str) -> Place:
    """The village of an address. Raises Http404 where it keeps no points."""
    return get_object_or_404(Place.objects.filter(pk__in=Rules.objects.values("place")), code=code)


def _page(place: Place) -> dict[str, Any]:
    return {"place": place, "today": timezone.localdate()}


def publicity_of(place: Place) -> Any:
    """The claims in their publicity, with their households."""
    today = timezone.localdate()
    claims = Claim.objects.filter(place=place).in_publicity(today)
    return claims.select_related("household__place").order_by("public_until", "pk")


def _items(place: Place) -> list[tuple[str, list[Item]]]:
    """Items by category, those that give first."""
    items = Item.objects.filter(place=place).valid_on(timezone.localdate())
    found: dict[str, list[Item]] = {category: [] for category in Category.values}
    for item in sorted(items, key=lambda item: (item.points < 0, item.position)):
        found[item.category].append(item)
    return [(str(Category(category).label), rows) for category, rows in found.items() if rows]


def _honours(place: Place) -> list[Nomination]:
    awarded = Nomination.objects.filter(honour__place=place, honour__state=Honour.State.AWARDED, awarded=True)
    return list(awarded.select_related("honour", "household").order_by("-honour__awarded_on", "honour", "pk")[:12])


@require_safe
def publicity(request: HttpRequest, code: str) -> HttpResponse:
    """All that is in its publicity, page by page."""
    place = village_of(code)
    page = Paginator(publicity_of(place), _PER_PAGE).get_page(request.GET.get("page"))
    crumbs = [(_("积分"), reverse("points:index")), (place.name, reverse("points:village", args=[code]))]
    context = _page(place) | {"public": page, "rules": rules_of(place), "breadcrumbs": [*crumbs, (_("公示"), "")]}
    return render(request, "points/publicity.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@limited("form", methods=("POST",))
def object_to(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The form with which anybody objects to a claim in its publicity; its own household does so in its passbook."""
    place = village_of(code)
    claim = get_object_or_404(publicity_of(place), pk=pk)
    if passbooks.opened(request, place) == claim.household:
        return redirect("points:object_to_own", code, pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "phone", "text")}
        try:
            if not form.is_robot:
                claims.object_to(claim=claim, **fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("points:objected", code)
    crumbs = [(_("积分"), reverse("points:index")), (place.name, reverse("points:village", args=[code]))]
    context = _page(place) | {
        "claim": claim,
        "form": form,
        "own_address": reverse("points:identify_for", args=[code, pk]),
        "breadcrumbs": [*crumbs, (_("提异议"), "")],
    }
    return render(request, "points/objection.html", context)


@require_safe
def objected(request: HttpRequest, code: str) -> HttpResponse:
    """Said after an objection."""
    place = village_of(code)
    return render(request, "points/objected.html", _page(place))
