"""The back office's own steps: what is decided about a voucher, a donation, a fund's account. Each is one POST."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from django.views.generic.detail import SingleObjectMixin
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from accounts.acting import StepView
from accounts.files import serve
from accounts.roles import permission_name
from accounts.scoping import reach, rows_for
from accounts.viewsets import ScopedViewMixin
from printing import csv, xlsx
from printing.columns import Column
from printing.errors import PrintingError
from printing.responses import file_response, pdf_response

from . import actions, disclosure, reports
from .forms import CorrectionForm, RefusalForm
from .models import Donation, Evidence, Fund, Statement, Voucher
from .periods import next_period


class RowView(ScopedViewMixin, SingleObjectMixin, View):
    """A view of one row that the user's roles reach; 404 of any other."""


class Step(StepView):
    """Something done to a row: says what went wrong, or that it was done, and goes back to the row."""

    back = ""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except PrintingError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)

    def get_success_url(self) -> str:
        return reverse(self.back, args=[self.object.pk])


class ApproveView(Step):
    """Brings a voucher into the books."""

    model = Voucher
    permission_required = "approve"
    back = "fund_vouchers:inspect"
    success_message = gettext_lazy("已审批入账。")

    def act(self, data: dict[str, Any]) -> None:
        voucher = self.object
        target = voucher.reverses.target if voucher.reverses else voucher.target
        if target and not rows_for(Fund, self.request.user, "change").filter(pk=target.pk).exists():
            raise ValidationError(_("这笔划转涉及“%(fund)s”，请由管得到两个基金的人审批。") % {"fund": target})
        actions.approve(voucher=voucher, by=self.request.user)


class RefuseView(Step):
    """Sends a voucher back."""

    model = Voucher
    form_class = RefusalForm
    permission_required = "approve"
    back = "fund_vouchers:inspect"
    success_message = gettext_lazy("已退回。")

    def act(self, data: dict[str, Any]) -> None:
        actions.refuse(voucher=self.object, by=self.request.user, **data)


class WithdrawView(Step):
    """Takes one's own voucher back."""

    model = Voucher
    back = "fund_vouchers:inspect"
    success_message = gettext_lazy("已撤回。")

    def act(self, data: dict[str, Any]) -> None:
        actions.withdraw(voucher=self.object, by=self.request.user)


class ReceiptView(Step):
    """Issues a donation's receipt."""

    model = Donation
    back = "fund_donations:inspect"
    success_message = gettext_lazy("票据已开具。")

    def act(self, data: dict[str, Any]) -> None:
        actions.give_receipt(donation=self.object, by=self.request.user)


class WaiveView(Step):
    """Records that the donor wants no receipt."""

    model = Donation
    back = "fund_donations:inspect"
    success_message = gettext_lazy("已登记捐赠人放弃票据。")

    def act(self, data: dict[str, Any]) -> None:
        actions.waive_receipt(donation=self.object, by=self.request.user)


class ConsentView(Step):
    """Shows a donor's name to the public, or no longer."""

    model = Donation
    back = "fund_donations:inspect"
    success_message = gettext_lazy("已按捐赠人的意愿更新。")

    def act(self, data: dict[str, Any]) -> None:
        named = self.request.POST.get("named") == "1"
        actions.set_consent(donation=self.object, named=named, by=self.request.user)


class CloseView(Step):
    """Ends a fund."""

    model = Fund
    back = "fund_list:inspect"
    success_message = gettext_lazy("基金已终止。")

    def act(self, data: dict[str, Any]) -> None:
        actions.close_fund(fund=self.object, by=self.request.user)


def may_publish(user: Any, fund: Fund) -> bool:
    """Whether the user may publish this fund's accounts."""
    reached = reach(user, permission_name(Statement, "publish"), "place")
    return Fund.objects.filter(reached, pk=fund.pk).exists()


class PublishView(Step):
    """Publishes the account of a fund's next period, and prints it."""

    model = Fund
    back = "fund_list:inspect"
    success_message = gettext_lazy("账目已公开。")

    def act(self, data: dict[str, Any]) -> None:
        if not may_publish(self.request.user, self.object):
            raise PermissionDenied
        statement = actions.publish(fund=self.object, by=self.request.user)
        actions.print_statement(statement=statement, by=self.request.user)


class PreviewView(RowView):
    """The account of a fund's next period as it would be published today."""

    model = Fund

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        fund = self.get_object()
        period = next_period(fund, fund.closed_until)
        if period is None:
            messages.error(request, _("%(fund)s的账目已经全部公开。") % {"fund": fund})
            return redirect("fund_list:inspect", pk)
        statement = reports.draft(fund, period)
        name = _("%(fund)s-%(period)s-预览.pdf") % {"fund": fund, "period": period.title}
        return pdf_response(reports.preview_statement(statement), name, inline=True)


class PrintStatementView(Step):
    """Prints a published account that has no PDF yet."""

    model = Statement
    permission_required = "view"
    back = "fund_statements:inspect"
    success_message = gettext_lazy("PDF 已出具。")

    def act(self, data: dict[str, Any]) -> None:
        actions.print_statement(statement=self.object, by=self.request.user)
        for note in self.object.corrections.filter(document=None):
            actions.print_correction(correction=note, by=self.request.user)


class CorrectView(Step):
    """Publishes a note beside a statement, and prints it."""

    model = Statement
    form_class = CorrectionForm
    permission_required = "publish"
    readable = True
    back = "fund_statements:inspect"
    success_message = gettext_lazy("更正说明已公开。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"statement": self.object}

    def act(self, data: dict[str, Any]) -> None:
        note = actions.correct(statement=self.object, by=self.request.user, **data)
        actions.print_correction(correction=note, by=self.request.user)


class EvidenceView(RowView):
    """Hands over a paper behind a voucher."""

    model = Evidence

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        paper = self.get_object()
        return serve(paper.file, name=paper.name)


class ReceiptFileView(RowView):
    """Hands over a donation's receipt."""

    model = Donation

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        donation = self.get_object()
        if donation.receipt is None:
            messages.error(request, _("这笔捐赠还没有开票据。"))
            return redirect("fund_donations:inspect", pk)
        return pdf_response(donation.receipt, inline=True)


class OverdueView(WagtailAdminTemplateMixin, TemplateView):
    """Which accounts are due or overdue, and which reversals want a note, of the funds within reach."""

    scoped = True
    template_name = "funds/admin/overdue.html"
    page_title = gettext_lazy("基金公开情况")
    header_icon = "warning"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if not user.has_perm(permission_name(Fund, "view")):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @property
    def header_more_buttons(self) -> list[Button]:
        """The table as a spreadsheet."""
        here = reverse("fund_overdue")
        return [
            Button(_("下载 XLSX"), url=f"{here}?export=xlsx", icon_name="download", priority=90),
            Button(_("下载 CSV"), url=f"{here}?export=csv", icon_name="download", priority=100),
        ]

    def funds(self) -> list[Fund]:
        """Those within the user's reach."""
        return list(rows_for(Fund, self.request.user).select_related("place", "manager"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("export")
        if wanted not in ("xlsx", "csv"):
            return super().get(request, *args, **kwargs)
        columns, rows = self._columns(), self._rows()
        title = str(self.page_title)
        content = xlsx.workbook(title, columns, rows) if wanted == "xlsx" else csv.table(columns, rows)
        return file_response(content, f"{title}-{timezone.localdate():%Y%m%d}.{wanted}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        funds = self.funds()
        context = {"due": disclosure.due(funds), "untold": disclosure.untold_reversals(funds), "funds": len(funds)}
        return super().get_context_data(**kwargs) | context

    def _columns(self) -> list[Column]:
        return [
            Column(_("基金"), width=24),
            Column(_("监管单位所在地"), width=16),
            Column(_("管理单位"), width=24),
            Column(_("账期"), width=18),
            Column(_("应公开日期"), "date"),
            Column(_("逾期天数"), "integer"),
        ]

    def _rows(self) -> list[list[Any]]:
        return [
            [one.fund.name, one.fund.place.name, one.fund.manager.name, one.period.title, one.due_on, one.days_over]
            for one in disclosure.due(self.funds())
        ]
