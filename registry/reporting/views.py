"""Reports in the back office: the list, a report on screen, as .xlsx and PDF, the rows behind a figure, the builder."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from accounts.scoping import appointments_of
from printing.errors import PrintingError
from printing.responses import file_response, pdf_response
from registry.reporting import actions, output, query
from registry.reporting.datasets import dataset, datasets_for
from registry.reporting.definition import COUNT, OPERATORS, PERIODS, Definition
from registry.reporting.facts import Dataset
from registry.reporting.forms import ReportForm, initial
from registry.reporting.models import Report

_ROWS_PER_PAGE = 50


class ReportingView(WagtailAdminTemplateMixin, TemplateView):
    """What these pages share."""

    scoped = True
    header_icon = "table"
    _show_breadcrumbs = True
    page_title = gettext_lazy("报表")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for who may see the rows of some dataset."""
        if not datasets_for(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Back to the list."""
        here = {"url": "", "label": self.get_page_title()}
        return [{"url": reverse("reporting_index"), "label": _("报表")}, here]


class IndexView(ReportingView):
    """The reports that one may open."""

    template_name = "reporting/index.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """No way back but the menu."""
        return [{"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Standing ones, one's own, those shared; and what a new one can be about."""
        user = self.request.user
        reports = list(Report.objects.visible_to(user).select_related("owner", "shared_at"))
        return super().get_context_data(**kwargs) | {
            "own": [report for report in reports if report.owner_id == user.pk],
            "standing": [report for report in reports if report.standing],
            "shared": [report for report in reports if not report.standing and report.owner_id != user.pk],
            "datasets": datasets_for(user),
        }


class ReportView(ReportingView):
    """A report, or the rows behind one of its groups (`g`, once for each group)."""

    template_name = "reporting/report.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for who may open it."""
        self.report = get_object_or_404(Report.objects.visible_to(request.user), pk=kwargs["pk"])
        self.source: Dataset = self.report.source
        self.stated: Definition = self.report.stated
        self.behind = request.GET.getlist("g")
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """Its name."""
        return self.report.title

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On screen, or as a file with `format`."""
        wanted = request.GET.get("format")
        if wanted in {"xlsx", "pdf"}:
            return self._file(wanted)
        return super().get(request, *args, **kwargs)

    @property
    def is_list(self) -> bool:
        """Whether it shows rows, not totals of groups."""
        return not self.stated.groups or bool(self.behind)

    def _rows(self) -> Any:
        try:
            rows = query.rows_of(self.source, self.stated, self.request.user, behind=self.behind)
        except ValueError as error:
            raise Http404 from error
        return query.ordered(self.source, self.stated, rows) if self.is_list else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines of one page, with the totals of all."""
        rows = self._rows()
        if self.is_list:
            result = query.list_rows(self.source, self.stated, rows)
            page = Paginator(rows, _ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
            result.lines = query.lines_of(self.source, self.stated, page.object_list)
        else:
            result = query.totals_by_group(self.source, self.stated, rows)
            page = Paginator(result.lines, _ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
            result.lines = list(page.object_list)
            for line in result.lines:
                line.url = "?" + urlencode([("g", value) for value in line.behind])
        return super().get_context_data(**kwargs) | {
            "report": self.report,
            "result": result,
            "page": page,
            "behind": self.behind,
            "conditions": conditions(self.source, self.stated),
            "mine": self.report.owner_id == self.request.user.pk,
            "query": urlencode([("g", value) for value in self.behind]),
        }

    def _file(self, wanted: str) -> HttpResponse:
        rows = self._rows()
        most = output.MOST_ROWS if wanted == "xlsx" else output.MOST_ON_PAPER
        if self.is_list:
            if rows.count() > most:
                messages.error(self.request, _("超过 %(most)d 行，请加上条件再导出。") % {"most": most})
                return redirect("reporting_report", self.report.pk)
            result = query.list_rows(self.source, self.stated, rows)
            result.lines = query.lines_of(self.source, self.stated, rows)
        else:
            result = query.totals_by_group(self.source, self.stated, rows)
        note = "；".join(conditions(self.source, self.stated))
        try:
            if wanted == "xlsx":
                return file_response(output.as_xlsx(self.report.title, result, note=note), f"{self.report.title}.xlsx")
            content = output.as_pdf(self.report.title, result, issuer=issuer(self.request.user), note=note)
        except PrintingError as error:
            messages.error(self.request, str(error))
            return redirect("reporting_report", self.report.pk)
        return pdf_response(content, f"{self.report.title}.pdf")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete one's own report."""
        title = self.report.title
        actions.delete_report(report=self.report, by=request.user)
        messages.success(request, _("已删除报表“%(title)s”。") % {"title": title})
        return redirect("reporting_index")


class BuilderView(ReportingView):
    """Put a report together, from nothing or from another."""

    template_name = "reporting/builder.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Over a dataset that one may see."""
        self.report = None
        if pk := kwargs.get("pk"):
            self.report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
        key = self.report.dataset if self.report else kwargs["key"]
        try:
            self.source = dataset(key)
        except KeyError as error:
            raise Http404 from error
        if not request.user.has_perm(self.source.permission):
            raise PermissionDenied
        start = initial(self.report) if self.report else {"totals": [COUNT]}
        self.form = ReportForm(request.POST or None, source=self.source, user=request.user, initial=start)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The report, or what a new one is about."""
        return self.report.title if self.report else _("新报表：%(source)s") % {"source": self.source.title}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form."""
        mine = self.report is not None and self.report.owner_id == self.request.user.pk
        periods = "、".join(map(str, PERIODS.values()))
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "copies": self.report and not mine,
            "periods": periods,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save it."""
        if self.form.is_valid():
            cleaned = self.form.cleaned_data
            try:
                report = actions.save_report(
                    report=self.report,
                    title=cleaned["title"],
                    description=cleaned["description"],
                    stated=cleaned["definition"],
                    shared_at=cleaned["shared_at"],
                    by=request.user,
                )
            except ValidationError as error:
                self.form.add_error(None, error.messages)
            else:
                return redirect("reporting_report", report.pk)
        return self.render_to_response(self.get_context_data(), status=422)


def conditions(source: Dataset, stated: Definition) -> list[str]:
    """A report's filters, as a reader understands them."""
    found = []
    for one in stated.filters:
        fact = source.fact(one.fact)
        value = PERIODS.get(one.value) or fact.choices.get(one.value) or one.value
        found.append(f"{fact.label} {OPERATORS[fact.kind][one.operator]} {value}")
    return found


def issuer(user: Any) -> str:
    """Whose paper it is: the place of the reader's widest role."""
    held = sorted(appointments_of(user), key=lambda one: one.place.depth)
    return held[0].place.full_name if held else ""
