"""The reports: what there is, each on screen, as PDF and spreadsheet, and for all villages at once.

The address holds the filters: report, place, span, order, page. What a user cannot reach is not there.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.scoping import places_for
from printing import responses
from printing.errors import PrintingError
from printing.models import IssuedDocument
from registry.places.models import Kind, Place, on_the_way

from ..calendar import month_before
from ..issuers import issuer
from ..models import Period, Rules
from ..reports import batches, output, paper, registry
from ..reports.base import Report, Row, Table
from ..reports.spans import Span, choices

VIEW, ISSUE = "points.view_report", batches.ISSUE
_PER_PAGE = 50


class ReportsMixin(WagtailAdminTemplateMixin):
    """A page of the reports, for who may see one somewhere."""

    scoped = True
    permission = VIEW
    header_icon = "doc-full"
    page_title = _("积分报表")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for who may do this somewhere."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The reports, then this one."""
        first = {"url": reverse("points_reports"), "label": ReportsMixin.page_title}
        last = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, *([first] if self.page_title is not ReportsMixin.page_title else []), last]


def _reach(user: Any, permission: str) -> tuple[list[Place], list[Place]]:
    """The townships and counties in reach above villages that keep points, and those villages in reach."""
    reach = places_for(user, permission)
    villages = list(reach.filter(pk__in=Rules.objects.values("place")).order_by("path"))
    paths = on_the_way(village.path for village in villages)
    return list(reach.filter(kind__in=[Kind.COUNTY, Kind.TOWNSHIP], path__in=paths)), villages


class IndexView(ReportsMixin, TemplateView):
    """What reports there are and what each is for."""

    template_name = "points/admin/reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that there are of some place in the user's reach."""
        above, _villages = _reach(self.request.user, self.permission)
        reports = [kind for kind in registry.all_reports() if above or kind.level != "above"]
        return super().get_context_data(**kwargs) | {"reports": reports}


class OneReportMixin(ReportsMixin):
    """A page about one report of one place and span, all three from the address."""

    @cached_property
    def kind(self) -> Report:
        """The report of the address. Raises Http404."""
        try:
            return registry.get(self.kwargs["report"])
        except KeyError as error:
            raise Http404 from error

    @cached_property
    def household(self) -> str:
        """The household of the address, for reports that there are of one; nothing in a place above villages."""
        return "" if self.lists_places else self.request.GET.get("household", "")

    @cached_property
    def report(self) -> Report:
        """The report, of one household where the address names it. Raises Http404 for one that is not the village's."""
        if not self.household or self.place is None:
            return self.kind
        try:
            return self.kind.of_household(self.place, int(self.household))
        except (LookupError, ValueError) as error:
            raise Http404 from error

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """What the report is called."""
        return str(self.kind.label)

    @cached_property
    def places(self) -> Sequence[Place]:
        """The villages in reach that keep points, each township and county above them that is in reach before them."""
        above, villages = _reach(self.request.user, self.permission)
        shown = above if self.kind.level == "above" else [*above, *villages]
        return sorted(shown, key=lambda place: place.path)

    @cached_property
    def place(self) -> Place | None:
        """The chosen one, else the first village or the first township. Raises Http404 for one out of reach."""
        code = self.request.GET.get("place", "")
        if code:
            found = next((place for place in self.places if place.code == code), None)
            if found is None:
                raise Http404
            return found
        return next(iter(self.places), None)

    @cached_property
    def span(self) -> Span:
        """The chosen one, else the last that is over. Raises Http404 for what the report is not of."""
        text = self.request.GET.get("span", "")
        if not text:
            return Span.of(self.kind.kinds[0], timezone.localdate()).before
        try:
            span = Span.parse(text)
        except ValueError as error:
            raise Http404 from error
        if span.kind not in self.kind.kinds:
            raise Http404
        return span

    @property
    def lists_places(self) -> bool:
        """Whether the place stands above those that the report is of: the page then leads to each of them."""
        return self.kind.level == "village" and self.place is not None and self.place.kind != Kind.VILLAGE

    @property
    def has_batch(self) -> bool:
        """Whether several places that the report is of stand below this one."""
        if self.place is None or self.place.kind == Kind.VILLAGE:
            return False
        return self.report.level == "village" or self.place.kind != Kind.TOWNSHIP

    def required(self) -> Place:
        """The place of the report itself. Raises Http404 where only those below it have one."""
        if self.place is None or self.lists_places:
            raise Http404
        return self.place

    def may_issue(self, place: Place) -> bool:
        """Whether the user may issue reports of a place."""
        return places_for(self.request.user, ISSUE).filter(pk=place.pk).exists()

    def address(self, name: str = "points_report", **changes: str) -> str:
        """A page of this report with the same place and span; `changes` to the query, empty ones left out."""
        query = QueryDict(mutable=True)
        here = {"place": self.place.code if self.place else "", "span": self.span.slug, "household": self.household}
        given = here | changes
        query.update({key: value for key, value in given.items() if value})
        return f"{reverse(name, args=[self.kind.name])}?{query.urlencode()}"


class ReportView(OneReportMixin, TemplateView):
    """A report on screen, what was issued of it, and what can be done with it."""

    template_name = "points/admin/report.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The filters, and the figures or the places below."""
        shown = self._places_below() if self.lists_places else self._figures()
        return super().get_context_data(**kwargs) | self._filters() | shown

    def _filters(self) -> dict[str, Any]:
        today = timezone.localdate()
        first = self.place and Period.objects.at(self.place).order_by("first_day").values_list("first_day", flat=True)
        since = (first and first.first()) or month_before(today)
        return {
            "report": self.report,
            "place": self.place,
            "span": self.span,
            "groups": _grouped(self.places),
            "spans": choices(self.report.kinds, since=min(since, self.span.first_day), until=today, chosen=self.span),
            "may_issue": self.place is not None and self.may_issue(self.place),
            "has_batch": self.has_batch,
            "links": {name: self.address(f"points_report_{name}") for name in ("preview", "xlsx", "issue", "batch")},
        }

    def _places_below(self) -> dict[str, Any]:
        assert self.place is not None
        below = [place for place in batches.below(self.report, self.place) if place in set(self.places)]
        kind = {"kind": self.report.issued_kind, "place_code__in": [place.code for place in below]}
        issued: dict[str, list[IssuedDocument]] = {}
        for document in IssuedDocument.objects.valid().filter(**kind).order_by("issued_at"):
            issued.setdefault(document.place_code, []).append(document)
        spanned = Period.objects.at(self.place).filter(first_day__range=(self.span.first_day, self.span.last_day))
        open_ = set(spanned.filter(closed_at=None).values_list("place", flat=True))
        return {
            "below": [
                {
                    "place": place,
                    "url": self.address(place=place.code),
                    "is_open": place.pk in open_,
                    "papers": [
                        document
                        for document in issued.get(place.code, [])
                        if document.subject == self.report.subject(place, self.span)
                    ],
                }
                for place in below
            ]
        }

    def _figures(self) -> dict[str, Any]:
        if self.place is None:
            return {}
        figures = paper.reckoned(self.report, self.place, self.span)
        table, order = figures.table, self.request.GET.get("order", "")
        pages = Paginator(_ordered(table, order), _PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        papers = paper.issued(self.report, self.place, self.span)
        held = next((one for one in papers if one.is_valid), None)
        return {
            "figures": figures,
            "page": page,
            "elided_page_range": pages.get_elided_page_range(page.number),
            "list_url": self.address(order=order),
            "headings": self._headings(table, order),
            "rows": [(self._leads_to(row), table.cells(row)) for row in page],
            "whole_url": self.address(household="") if self.household else "",
            "totals": table.cells(table.totals) if table.totals and page.number == pages.num_pages else None,
            "tables": [_whole(one) for one in figures.tables[1:]],
            "papers": papers,
            "has_changed": held is not None and held.fingerprint != figures.fingerprint,
            "doubts": paper.doubts(self.place, self.span),
        }

    def _leads_to(self, row: Row) -> str:
        household = self.report.household_of(row)
        return self.address(household=str(household)) if household is not None else ""

    def _headings(self, table: Table, order: str) -> list[dict[str, Any]]:
        return [
            {
                "column": column,
                "url": self.address(order=f"-{column.name}" if order == column.name else column.name),
                "sorted": {column.name: "ascending", f"-{column.name}": "descending"}.get(order, "none"),
            }
            for column in table.columns
        ]


class FileView(OneReportMixin, View):
    """The report as a file, or back on its screen why there is none."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The file."""
        try:
            return self.file(self.required())
        except PrintingError as error:
            messages.error(request, str(error))
            return redirect(self.address())

    def file(self, place: Place) -> HttpResponse:
        """The file itself. Raises PrintingError."""
        raise NotImplementedError


class PreviewView(FileView):
    """The PDF as it would be issued now, marked as a draft."""

    def file(self, place: Place) -> HttpResponse:
        """In the browser."""
        content = paper.preview(self.report, place, self.span)
        name = _now("预览-%(title)s.pdf") % {"title": self.report.title(place, self.span)}
        return responses.pdf_response(content, name, inline=True)


class SpreadsheetView(FileView):
    """The figures as .xlsx, compared with the ledger as those of a paper are."""

    def file(self, place: Place) -> HttpResponse:
        """As a download."""
        made = output.spreadsheet(self.report, place, self.span)
        return responses.file_response(made.content, made.filename)


class IssueView(OneReportMixin, TemplateView):
    """Asks before a report is issued, saying what will be frozen; then issues it."""

    permission = ISSUE
    template_name = "points/admin/report_issue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What will stand on it, and why it may be too early."""
        place = self.required()
        return super().get_context_data(**kwargs) | {
            "report": self.report,
            "place": place,
            "span": self.span,
            "figures": paper.reckoned(self.report, place, self.span),
            "issuer": issuer(place),
            "doubts": paper.doubts(place, self.span),
            "held": paper.holding(self.report, place, self.span),
            "back": self.address(),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Issue it."""
        try:
            document = paper.issue(report=self.report, place=self.required(), span=self.span, by=request.user)
        except PrintingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _now("已出具：%(number)s。") % {"number": document.number})
        return redirect(self.address())


class BatchView(OneReportMixin, View):
    """Begins a batch of a report for all villages of a township or county."""

    permission = ISSUE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Begin, and lead to its progress."""
        if self.place is None or not self.has_batch:
            raise Http404
        suffix = request.POST.get("format", "")
        if suffix not in batches.SUFFIXES:
            raise Http404
        try:
            batch = batches.start(report=self.report, place=self.place, span=self.span, suffix=suffix, by=request.user)
        except (PrintingError, ValidationError) as error:
            messages.error(request, str(error))
            return redirect(self.address())
        return redirect(batch)


class PaperView(ReportsMixin, View):
    """An issued report, byte for byte as it was issued."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """In the browser, or as a download."""
        kinds = [report.issued_kind for report in registry.all_reports()]
        places = places_for(request.user, VIEW).values("code")
        document = IssuedDocument.objects.filter(pk=pk, kind__in=kinds, place_code__in=places).first()
        if document is None:
            raise Http404
        return responses.pdf_response(document, inline="download" not in request.GET)


def _grouped(places: Sequence[Place]) -> list[tuple[str, list[Place]]]:
    """Places below the heading of their township; those above villages in a group of their own."""
    groups: list[tuple[str, list[Place]]] = []
    names = {place.path: place.name for place in places}
    for place in places:
        above = place.path[: -Place.steplen]
        name = names.get(above, "") if place.kind == Kind.VILLAGE else _now("乡镇、区县")
        known = next((rows for heading, rows in groups if heading == name), None)
        if known is None:
            groups.append((name, [place]))
        else:
            known.append(place)
    return groups


def _ordered(table: Table, order: str) -> Sequence[Row]:
    """The rows in the order of a column, as they are where there is no such column."""
    name = order.removeprefix("-")
    if name not in {column.name for column in table.columns}:
        return table.rows
    # Nothing sorts behind everything, whichever way.
    empty = [row for row in table.rows if row[name] is None]
    rest = [row for row in table.rows if row[name] is not None]
    return sorted(rest, key=lambda row: row[name], reverse=order.startswith("-")) + empty


def _whole(table: Table) -> dict[str, Any]:
    return {
        "table": table,
        "rows": [table.cells(row) for row in table.rows],
        "totals": table.cells(table.totals) if table.totals else None,
    }
