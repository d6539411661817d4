"""What the public sees of funds: the directory, and the lines of one fund. Every choice is in the address."""

from collections.abc import Container, Iterator, Mapping
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

from listings.narrowing import Group
from registry.places.listings import ListingByPlace
from registry.places.models import Kind as PlaceKind
from registry.places.models import Place, on_the_way

from .models import MONEY_KINDS, Donation, Entry, Fund, FundKind, GoodsLine, Kind, Statement
from .periods import months_between
from .reports import party

FUNDS_A_PAGE = 24
LINES_A_PAGE = 30
DONORS_A_PAGE = 60
STATEMENTS_A_PAGE = 24

_LINE_KINDS = [kind for kind in (*MONEY_KINDS, Kind.REVERSAL) if kind != Kind.MOVE]


class Directory(ListingByPlace):
    """One page of the directory of funds."""

    names = ("kind", "place")
    per_page = FUNDS_A_PAGE

    def known(self) -> Mapping[str, Container[str]]:
        """The values of each filter; of places the townships."""
        township = self.place is not None and self.place.kind == PlaceKind.TOWNSHIP
        return {"kind": FundKind, "place": {self.asked("place")} if township else ()}

    def found(self) -> QuerySet[Fund]:
        """The funds under the filters in force, with their balances, those that were closed last."""
        shown = self._at_place.with_balance().select_related("manager", "place")
        if "kind" in self.selected:
            shown = shown.filter(kind=self.selected["kind"])
        ordered: QuerySet[Fund] = shown.order_by("closed_on", "place__path", "code")
        return ordered

    @property
    def _at_place(self) -> Any:
        return Fund.objects.at(self.place) if self.place and "place" in self.selected else Fund.objects.all()

    def filters(self) -> Iterator[Group]:
        """Kinds with how many funds each would show; the townships that have funds, or whose villages have."""
        counts = dict(self._at_place.order_by().values_list("kind").annotate(Count("pk")))
        yield self.group("kind", _("类型"), [(kind.value, kind.label, counts.get(kind.value, 0)) for kind in FundKind])
        paths = on_the_way(Place.objects.filter(funds__isnull=False).distinct().values_list("path", flat=True))
        townships = Place.objects.of_kind(PlaceKind.TOWNSHIP).filter(path__in=paths)
        yield self.group("place", _("乡镇、街道"), [(place.code, place.name, None) for place in townships])


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


def statements(fund: Fund) -> QuerySet[Statement]:
    """What a fund has published, the latest first."""
    return fund.statements.select_related("document").prefetch_related("corrections").order_by("-ends_on")


def donors(fund: Fund) -> QuerySet[Donation]:
    """The donations whose donors agreed to be named, the newest first."""
    named = Donation.objects.in_public().filter(voucher__fund=fund).select_related("voucher")
    return named.order_by("-voucher__on", "-pk")
