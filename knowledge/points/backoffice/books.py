"""The ledger, its reversals, and the closing of its months."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from accounts.scoping import rows_for
from accounts.viewsets import ReadOnlyViewSet

from ..actions import ledger, periods
from ..actions.year_end import forecast
from ..calendar import last_day
from ..choices import Category, PeriodKind
from ..models import Claim, LedgerLine, Period
from . import forms
from .base import RowView, VillageView


class LineIndexView(generic.IndexView):
    """Lines with what the columns show."""

    def get_base_queryset(self) -> Any:
        """With households and reversals."""
        rows = super().get_base_queryset()
        return rows.select_related("household", "place", "reversal_of", "reversed_by", "posted_by")


class LineViewSet(ReadOnlyViewSet):
    """The ledger, line by line."""

    model = LedgerLine
    icon = "list-ol"
    menu_label = _("台账")
    menu_order = 140
    index_view_class = LineIndexView
    list_display = [
        TitleColumn("evidence_number", label=_("凭证号"), url_name="points_line", sort_key="pk"),
        Column("household", label=_("农户"), sort_key="household__code"),
        Column("get_kind_display", label=_("类型"), sort_key="kind"),
        Column("title", label=_("事由")),
        Column("points", label=_("积分"), sort_key="points"),
        Column("dated_on", label=_("记账日期"), sort_key="dated_on"),
        Column("posted_by", label=_("记账人")),
    ]
    list_filter = {"place": ["exact"], "kind": ["exact"], "account": ["exact"], "dated_on": ["range"]}
    list_export = [
        "evidence_number", "place", "household", "get_kind_display", "title", "points", "happened_on", "dated_on",
        "reason", "posted_by",
    ]  # fmt: skip
    export_filename = "points-ledger"
    search_fields = ["household__code", "household__head", "title"]
    ordering = ["-pk"]


class LineView(RowView):
    """A line, where it came from, what undid it; and how to undo it."""

    model = LedgerLine
    permission_required = "reverse"
    readable = True
    form_class = forms.ReasonForm
    template_name = "points/admin/line.html"
    page_title = _("台账")
    listing = "points_ledger:index"
    header_icon = "list-ol"
    success_message = _("已冲正。")

    def get_queryset(self) -> Any:
        """With what the page shows."""
        return LedgerLine.objects.select_related(
            "household", "place", "item", "claim", "reversal_of", "reversed_by", "posted_by", "period"
        )

    def act(self, data: dict[str, Any]) -> LedgerLine:
        """Reverse."""
        return ledger.reverse(line=self.object, reason=data["reason"], by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether it can be undone."""
        is_open = self.object.kind == "award" and not hasattr(self.object, "reversed_by")
        return super().get_context_data(**kwargs) | {"can_reverse": self.may_act and is_open}


class PeriodsView(VillageView):
    """The months of a village: what stands in them, and their closing, in order."""

    permission = "points.view_period"
    template_name = "points/admin/periods.html"
    page_title = _("结账")
    header_icon = "calendar"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Months with their totals, and which comes next."""
        months = Period.objects.filter(place=self.village).select_related("closed_by").order_by("-first_day")
        counted = Sum("totals__points", filter=Q(totals__account__in=Category.values))
        waiting = periods.open_months(self.village) if self.village else []
        return super().get_context_data(**kwargs) | {
            "months": months.annotate(earned=counted)[:36],
            "next": waiting[0] if waiting else None,
            "kinds": PeriodKind.choices,
            "may_close": self._may_close(),
        }

    def _may_close(self) -> bool:
        return bool(rows_for(Period, self.request.user, "change").filter(place=self.village).exists())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Close a month, quarter or year; first say what that does, since nothing opens it again."""
        if self.village is None:
            raise Http404
        if not self._may_close():
            raise PermissionDenied
        try:
            day, kind = date.fromisoformat(request.POST.get("day", "")), PeriodKind(request.POST.get("kind", ""))
        except ValueError as error:
            raise Http404 from error
        try:
            if "agreed" not in request.POST:
                return self._ask(day, kind)
            closed = periods.close(place=self.village, day=day, kind=kind, by=request.user)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
        else:
            messages.success(request, _now("已结账：%(months)s。") % {"months": "、".join(map(str, closed))})
        return redirect(self.here)

    def _ask(self, day: date, kind: PeriodKind) -> HttpResponse:
        """Which months, what is not in them yet, and what the year's end does. Raises ValidationError."""
        assert self.village is not None
        months = periods.to_close(place=self.village, day=day, kind=kind)
        december = next((month for month in months if month.month == 12), None)
        context = super().get_context_data() | {
            "closing": months,
            "day": day,
            "kind": kind,
            "unposted": Claim.objects.open().filter(place=self.village, happened_on__lte=last_day(day, kind)).count(),
            "year_end": forecast(place=self.village, december=december) if december else None,
            "back": self.here,
            "villages": None,
        }
        return TemplateResponse(self.request, "points/admin/period_close.html", context)
