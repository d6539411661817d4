"""A household's own pages: its passbook, and what it declares."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.places.models import Place
from search.ratelimit import limited

from .. import passbooks
from ..actions import claims
from ..choices import Category, ClaimState, Source
from ..forms import DeclareForm, IdentifyForm, OwnObjectionForm
from ..models import Household, Objection, Redemption
from .public import publicity_of, village_of

_LINES = 30
_DESTINATIONS = {"passbook", "declare"}


@never_cache
@require_http_methods(["GET", "POST"])
@limited("form", methods=("POST",))
def identify(request: HttpRequest, code: str) -> HttpResponse:
    """Code and four digits; then the passbook, or the form that was asked for."""
    place = village_of(code)
    wanted = request.GET.get("next", "")
    form = IdentifyForm(request.POST or None)
    if _identified(request, form, place):
        return redirect(f"points:{wanted if wanted in _DESTINATIONS else 'passbook'}", code)
    return render(request, "points/identify.html", _page(place, _("本户积分")) | {"form": form, "wanted": wanted})


@never_cache
@require_http_methods(["GET", "POST"])
@limited("form", methods=("POST",))
def identify_for(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The same, on the way from the publicity of a claim that somebody says is their own household's."""
    place = village_of(code)
    claim = get_object_or_404(publicity_of(place), pk=pk)
    form = IdentifyForm(request.POST or None)
    household = _identified(request, form, place)
    if household == claim.household:
        return redirect("points:object_to_own", code, pk)
    if household is not None:
        messages.warning(request, _("这笔积分不是您户的。要提异议，请在这里填写。"))
        return redirect("points:object", code, pk)
    return render(request, "points/identify.html", _page(place, _("提异议")) | {"form": form, "wanted": "object"})


def _identified(request: HttpRequest, form: IdentifyForm, place: Place) -> Household | None:
    """The household that showed who it is, its passbook opened; what was wrong stands in the form."""
    if request.method != "POST" or not form.is_valid() or form.is_robot:
        return None
    code, last_four = form.cleaned_data["code"], form.cleaned_data["last_four"]
    try:
        household = passbooks.identify(request, place=place, code=code, last_four=last_four)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    passbooks.open_passbook(request, household)
    return household


@never_cache
@require_safe
def passbook(request: HttpRequest, code: str) -> HttpResponse:
    """What the household has, line by line; what is on its way; what waits to be fetched."""
    place = village_of(code)
    household = passbooks.opened(request, place)
    if household is None:
        return _ask(code, "passbook")
    today = timezone.localdate()
    year = today.year
    lines = household.lines.select_related("reversal_of").order_by("-dated_on", "-pk")
    context = _page(place, _("积分存折")) | {
        "household": household,
        "earned": _earned(household, year),
        "year": year,
        "lines": Paginator(lines, _LINES).get_page(request.GET.get("page")),
        "claims": _on_their_way(household),
        "today": today,
        "objections": _own_objections(household),
        "waiting": household.redemptions.filter(state=Redemption.State.RESERVED),
    }
    return render(request, "points/passbook.html", context)


def _on_their_way(household: Household) -> Any:
    disputed = Exists(Objection.objects.filter(claim=OuterRef("pk"), decided_at=None))
    claims = household.claims.exclude(state=ClaimState.POSTED).annotate(is_disputed=disputed)
    return claims.order_by("-pk")[:_LINES]


def _own_objections(household: Household) -> Any:
    own = Objection.objects.own().filter(claim__household=household)
    return own.select_related("claim").order_by("-filed_at", "-pk")[:_LINES]


def _earned(household: Household, year: int) -> list[tuple[str, int]]:
    totals = household.totals.filter(period__first_day__year=year, account__in=Category.values)
    sums = dict.fromkeys(Category.values, 0)
    for account, points in totals.values_list("account", "points"):
        sums[account] += points
    return [(str(Category(name).label), points) for name, points in sums.items()]


@never_cache
@require_http_methods(["GET", "POST"])
@limited("form", methods=("POST",))
def declare(request: HttpRequest, code: str) -> HttpResponse:
    """The form with which a household declares what it did."""
    place = village_of(code)
    household = passbooks.opened(request, place)
    if household is None:
        return _ask(code, "declare")
    form = DeclareForm(request.POST or None, request.FILES or None, place=place)
    if request.method == "POST" and form.is_valid() and _declared(form, household):
        messages.success(request, _("已收到，等村里初审。办到哪一步，在存折里看。"))
        return redirect("points:passbook", code)
    context = _page(place, _("自报积分")) | {"household": household, "form": form}
    return render(request, "points/declare.html", context)


def _declared(form: DeclareForm, household: Household) -> bool:
    data = form.cleaned_data
    deed = claims.Deed(household, data["item"], data["quantity"], data["note"])
    try:
        claims.enter(
            deed=deed,
            happened_on=data["happened_on"],
            source=Source.HOUSEHOLD,
            by=None,
            photos=data["photos"],
            request_key=data["request_key"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@never_cache
@require_http_methods(["GET", "POST"])
@limited("form", methods=("POST",))
def object_to(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The form with which a household objects to a claim about itself, points taken included."""
    place = village_of(code)
    household = passbooks.opened(request, place)
    if household is None:
        return _ask(code, "passbook")
    claim = get_object_or_404(household.claims.objectionable(timezone.localdate()), pk=pk)
    form = OwnObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.is_robot:
        who = {"name": household.head, "phone": household.phone}
        try:
            claims.object_to(claim=claim, text=form.cleaned_data["text"], own=True, **who)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("异议已收到，村里核实后答复您，答复写在存折里。处理完以前不入账。"))
            return redirect("points:passbook", code)
    context = _page(place, _("提异议")) | {"claim": claim, "form": form, "today": timezone.localdate()}
    return render(request, "points/objection.html", context)


@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Close the passbook in this browser."""
    passbooks.close(request)
    return redirect("points:village", code)


def _ask(code: str, wanted: str) -> HttpResponse:
    return redirect(f"{reverse('points:identify', args=[code])}?next={wanted}")


def _page(place: Place, title: str) -> dict[str, Any]:
    crumbs = [(_("积分"), reverse("points:index")), (place.name, reverse("points:village", args=[place.code]))]
    return {"place": place, "title": title, "breadcrumbs": [*crumbs, (title, "")]}
