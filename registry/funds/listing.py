"""What the public sees of funds: the directory, and the lines of one fund. Every choice is in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.places.models import Kind as PlaceKind
from registry.places.models import Place

from .models import MONEY_KINDS, Donation, Entry, Fund, FundKind, GoodsLine, Kind
from .periods import months_between
from .reports import party

FUNDS_A_PAGE = 24
LINES_A_PAGE = 30
DONORS_A_PAGE = 60

_LINE_KINDS = [kind for kind in (*MONEY_KINDS, Kind.REVERSAL) if kind != Kind.MOVE]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as components/filters.html takes it."""

    label: str
    url: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A filter."""

    label: str
    choices: list[Choice]


@dataclass(slots=True)
class Directory:
    """One page of the directory of funds."""

    params: dict[str, str]
    page: Page
    groups: list[Group]

    @property
    def query(self) -> str:
        """The query string of this list, without its page."""
        return urlencode(self.params)

    @property
    def clear_url(self) -> str:
        """The directory without filters; empty when there are none."""
        return "?" if self.params else ""


def directory(query: QueryDict) -> Directory:
    """The page of the directory that a query string asks for. What is not understood is left out, never an error."""
    params: dict[str, str] = {}
    if query.get("kind") in FundKind.values:
        params["kind"] = str(query["kind"])
    code = str(query.get("place", ""))[:20]
    township = Place.objects.filter(kind=PlaceKind.TOWNSHIP, code=code).first()
    if township:
        params["place"] = township.code
    funds = Fund.objects.with_balance().select_related("manager", "place")
    at_place = funds.at(township) if township else funds
    shown = at_place.filter(kind=params["kind"]) if "kind" in params else at_place
    paginator = Paginator(shown.order_by("closed_on", "place__path", "code"), FUNDS_A_PAGE)
    groups = [_kinds(params, at_place), _townships(params)]
    return Directory(params, paginator.get_page(query.get("page")), groups)


def _kinds(params: dict[str, str], funds: QuerySet[Fund]) -> Group:
    counts = dict(Fund.objects.filter(pk__in=funds.values("pk")).order_by().values_list("kind").annotate(Count("pk")))
    choices = [_choice(params, "kind", kind.value, kind.label, counts[kind]) for kind in FundKind if counts.get(kind)]
    return Group(_("类型"), choices)


def _townships(params: dict[str, str]) -> Group:
    """The townships that have funds; their own and those of their villages."""
    with_funds = Place.objects.filter(funds__isnull=False).distinct().values_list("path", flat=True)
    townships = Place.objects.filter(kind=PlaceKind.TOWNSHIP).order_by("path")
    paths = list(with_funds)
    choices = [
        _choice(params, "place", place.code, place.name, None)
        for place in townships.filter(path__in={path[: cut * Place.steplen] for path in paths for cut in _cuts(path)})
    ]
    return Group(_("乡镇、街道"), choices)


def _cuts(path: str) -> range:
    """How many steps each place on the way to this one has."""
    return range(1, len(path) // Place.steplen + 1)


def _choice(params: dict[str, str], name: str, value: str, label: Any, count: int | None) -> Choice:
    selected = params.get(name) == value
    kept = {key: held for key, held in params.items() if key != name} | ({} if selected else {name: value})
    return Choice(str(label), f"?{urlencode(kept)}", count, selected)


class LinesForm(forms.Form):
    """Which lines of a fund's books are shown."""

    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("事项"),
        required=False,
        choices=[("", gettext_lazy("全部事项")), *((kind.value, kind.label) for kind in _LINE_KINDS)],
    )

    def __init__(self, data: QueryDict, fund: Fund) -> None:
        super().__init__(data)
        last = fund.closed_on or timezone.localdate()
        months = reversed(list(months_between(fund.started_on, last)))
        choices = [(f"{month:%Y-%m}", _("%(y)s年%(m)s月") % {"y": month.year, "m": month.month}) for month in months]
        self.fields["month"].choices = [("", _("全部月份")), *choices]  # type: ignore[attr-defined]


@dataclass(slots=True)
class Lines:
    """One page of a fund's books."""

    form: LinesForm
    params: dict[str, str]
    page: Page

    @property
    def query(self) -> str:
        """The query string of this list, without its page."""
        return urlencode(self.params)


def lines(fund: Fund, query: QueryDict) -> Lines:
    """The page of a fund's books of money that a query string asks for, the newest first."""
    form = LinesForm(query, fund)
    form.is_valid()
    params = {name: form.cleaned_data[name] for name in form.fields if form.cleaned_data.get(name)}
    entries = (
        Entry.objects.filter(fund=fund)
        .disclosed()
        .select_related(
            "voucher__fund",
            "voucher__target",
            "voucher__donation",
            "voucher__recipient_organization",
            "voucher__recipient_place",
            "reverses__voucher",
            "reversed_by__voucher",
        )
    )
    if "month" in params:
        year, month = params["month"].split("-")
        entries = entries.filter(on__year=int(year), on__month=int(month))
    if "kind" in params:
        entries = entries.filter(kind=params["kind"])
    page = Paginator(entries.order_by("-on", "-pk"), LINES_A_PAGE).get_page(query.get("page"))
    for entry in page:
        entry.party = public_party(entry)  # type: ignore[attr-defined]
    return Lines(form, params, page)


def public_party(entry: Entry) -> str:
    """Who is on the other side, as the page of today shows it: donors who agree by name."""
    if entry.voucher.donor_kind:
        donation: Donation = entry.voucher.donation
        donation.voucher = entry.voucher
        return donation.public_donor
    return party(entry)


def goods_lines(fund: Fund, query: QueryDict) -> Page:
    """The page of a fund's books of goods that a query string asks for, the newest first."""
    rows = GoodsLine.objects.filter(stock__fund=fund).select_related(
        "stock",
        "voucher__donation",
        "voucher__recipient_organization",
        "voucher__recipient_place",
        "reverses__voucher",
        "reversed_by__voucher",
    )
    page = Paginator(rows.order_by("-on", "-pk"), LINES_A_PAGE).get_page(query.get("page"))
    for line in page:
        voucher = line.voucher
        if voucher.donor_kind:
            voucher.donation.voucher = voucher
        line.party = voucher.donation.public_donor if voucher.donor_kind else voucher.recipient  # type: ignore[attr-defined]
    return page


def donors(fund: Fund) -> QuerySet[Donation]:
    """The donations whose donors agreed to be named, the newest first."""
    named = Donation.objects.in_public().filter(voucher__fund=fund).select_related("voucher")
    return named.order_by("-voucher__on", "-pk")
