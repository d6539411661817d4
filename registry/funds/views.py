"""Public pages of funds."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from printing import charts
from printing.responses import file_response, pdf_response

from . import disclosure, figures, giving, listing
from .models import Correction, Fund, Statement, Stock
from .periods import Period
from .reports import statement_lines

MONTHS_ON_CHART = 12
DONORS_ON_PAGE = 12
STATEMENTS_ON_PAGE = 8


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """All funds."""
    context = {"directory": listing.Directory(request.GET), "crumbs": [(_("社区基金"), "")]}
    return render(request, "funds/directory.html", context)


@require_safe
def fund(request: HttpRequest, code: str) -> HttpResponse:
    """A fund: what it has, what came in and went out, to whom, and what was published of it."""
    found = _fund(code)
    all_time = figures.lifetime(found)
    months = figures.recent_months(all_time, MONTHS_ON_CHART)
    statements, donors = listing.statements(found), listing.donors(found)
    context = {
        "fund": found,
        "figures": all_time,
        "months": months[::-1],
        "chart": _chart(months),
        "lines": listing.lines(found, request.GET),
        "stocks": Stock.objects.filter(fund=found).there(),
        "statements": statements[:STATEMENTS_ON_PAGE],
        "statement_count": statements.count(),
        "overdue": disclosure.overdue([found]),
        "donors": donors[:DONORS_ON_PAGE],
        "donor_count": donors.count(),
        "crumbs": [(_("社区基金"), listing_url()), (found.name, "")],
    }
    return render(request, "funds/fund.html", context)


@require_safe
def goods(request: HttpRequest, code: str) -> HttpResponse:
    """A fund's books of goods."""
    found = _fund(code)
    context = {
        "fund": found,
        "stocks": Stock.objects.filter(fund=found).there(),
        "page": listing.goods_lines(found, request.GET),
        "crumbs": _crumbs(found, _("物资收发")),
    }
    return render(request, "funds/goods.html", context)


@require_safe
def donors(request: HttpRequest, code: str) -> HttpResponse:
    """Those who gave to a fund and agreed to be named."""
    found = _fund(code)
    page = Paginator(listing.donors(found), listing.DONORS_A_PAGE).get_page(request.GET.get("page"))
    context = {"fund": found, "page": page, "crumbs": _crumbs(found, _("捐赠名单"))}
    return render(request, "funds/donors.html", context)


@require_safe
def statements(request: HttpRequest, code: str) -> HttpResponse:
    """All that a fund has published, the latest first."""
    found = _fund(code)
    page = Paginator(listing.statements(found), listing.STATEMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"fund": found, "page": page, "crumbs": _crumbs(found, _("公开账目"))}
    return render(request, "funds/statements.html", context)


@require_safe
def statement(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """A published account, with the notes that correct it."""
    found = _statement(code, day)
    period = Period(found.starts_on, found.ends_on)
    context = {
        "fund": found.fund,
        "statement": found,
        "figures": figures.thawed(period, found.opening, found.figures),
        "lines": statement_lines(found),
        "corrections": found.corrections.select_related("document", "reversal"),
        "crumbs": _crumbs(found.fund, found.title),
    }
    return render(request, "funds/statement.html", context)


@require_safe
def statement_pdf(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """The PDF of a published account, byte for byte as it was issued."""
    document = _statement(code, day).document
    if document is None:
        raise Http404
    return pdf_response(document, inline=True)


@require_safe
def statement_csv(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """The lines of a published account, byte for byte as they were published."""
    found = _statement(code, day)
    with found.csv.open("rb") as stored:
        return file_response(stored.read(), f"{found.fund}-{found.title}.csv")


@require_safe
def correction_pdf(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The PDF of a note of correction."""
    notes = Correction.objects.select_related("document")
    note = get_object_or_404(notes, pk=pk, statement__fund__code=code, document__isnull=False)
    assert note.document is not None
    return pdf_response(note.document, inline=True)


@require_safe
def grants(request: HttpRequest) -> HttpResponse:
    """All grants as open data."""
    return JsonResponse(giving.package(), json_dumps_params={"ensure_ascii": False})


def listing_url() -> str:
    """The address of the directory."""
    return reverse("funds:directory")


def _fund(code: str) -> Fund:
    return get_object_or_404(Fund.objects.with_balance().select_related("manager", "place"), code=code)


def _statement(code: str, day: str) -> Statement:
    try:
        starts_on = parse_date(day)
    except ValueError:
        starts_on = None
    rows = Statement.objects.select_related("fund__manager", "fund__place", "document")
    return get_object_or_404(rows, fund__code=code, starts_on=starts_on)


def _crumbs(found: Fund, title: str) -> list[tuple[str, str]]:
    return [(_("社区基金"), listing_url()), (found.name, found.get_absolute_url()), (title, "")]


def _chart(months: list[figures.MonthSum]) -> Any:
    """Income and expense by month; the table beside it says the same in figures."""
    labels = [f"{one.month:%y-%m}" for one in months]
    series = [
        charts.Series(_("收入"), [one.income for one in months]),
        charts.Series(_("支出"), [one.expense for one in months]),
    ]
    return charts.lines(labels, series, title=_("近一年每月收支"), unit=_("元"))
