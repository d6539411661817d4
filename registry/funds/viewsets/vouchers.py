"""Vouchers: the queue, the form of each kind, the page where one is decided."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView

from accounts.acting import ActionMixin
from accounts.desk.columns import DayColumn
from accounts.scoping import rows_for
from accounts.viewsets import ScopedModelViewSet

from .. import actions, history
from ..forms import RefusalForm, voucher_form
from ..models import Kind, Status, Voucher
from .base import to_row


class VoucherIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Voucher]:
        rows = super().get_base_queryset()
        return rows.select_related("fund", "entered_by", "reverses", "decided_by")


class VoucherCreateView(ActionMixin, CreateView):
    """Asks first for the kind, then for what that kind needs."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.kind = request.GET.get("kind", "")
        super().setup(request, *args, **kwargs)
        self.panel = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kind not in Kind.values:
            kinds = [kind for kind in Kind if kind != Kind.REVERSAL]
            context = {"kinds": kinds, "breadcrumbs_items": self.get_breadcrumbs_items(), "header_icon": "form"}
            return render(request, "funds/admin/kinds.html", self._plain_context() | context)
        return super().get(request, *args, **kwargs)

    def _plain_context(self) -> dict[str, Any]:
        return {"page_title": _("新凭证"), "header_title": _("新凭证"), "add_url": reverse(self.add_url_name)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kind not in Kind.values:
            raise Http404
        return super().post(request, *args, **kwargs)

    def get_form_class(self) -> Any:
        return voucher_form(self.kind)

    def get_initial_form_instance(self) -> Voucher:
        voucher = Voucher(kind=self.kind)
        if self.kind == Kind.REVERSAL:
            voucher.reverses = self._reversed()
            voucher.fund = voucher.reverses.fund
        return voucher

    def _reversed(self) -> Voucher:
        number = self.request.GET.get("reverses", "")
        rows = Voucher.objects.for_user(self.request.user, "add").standing().select_related("fund", "target")
        found: Voucher | None = rows.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
        if found is None:
            raise Http404
        return found

    def get_page_subtitle(self) -> str:
        if self.kind == Kind.REVERSAL:
            reversed_one = self._reversed()
            return _("冲销 %(label)s：%(what)s") % {"label": reversed_one.label, "what": reversed_one.what}
        return str(Kind(self.kind).label) if self.kind in Kind.values else _("凭证")

    def get_add_url(self) -> str:
        """The form is sent to where it came from: its kind stands in the address."""
        query = self.request.GET.urlencode()
        return f"{reverse(self.add_url_name)}?{query}" if query else reverse(self.add_url_name)

    def get_success_url(self) -> str:
        return reverse("fund_vouchers:inspect", args=[self.object.pk])

    def act(self, data: dict[str, Any]) -> Voucher:
        papers = self.form.cleaned_data.get("papers", [])
        return actions.propose(voucher=self.form.instance, evidence=papers, by=self.request.user)


def _may_change(voucher: Voucher, user: Any) -> bool:
    return voucher.status == Status.PENDING and voucher.entered_by_id == user.pk


class VoucherEditView(ActionMixin, EditView):
    """Only its proposer changes a voucher, and only while nobody has decided."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.panel = None

    def get_object(self, queryset: Any = None) -> Voucher:
        found: Voucher = super().get_object(queryset)
        if not _may_change(found, self.request.user):
            raise Http404
        return found

    def get_form_class(self) -> Any:
        return voucher_form(self.object.kind)

    def get_success_url(self) -> str:
        return reverse("fund_vouchers:inspect", args=[self.object.pk])

    def act(self, data: dict[str, Any]) -> Voucher:
        found = self.form.cleaned_data
        return actions.change(
            voucher=self.form.instance,
            evidence=found.get("papers", []),
            without=found.get("without", []),
            by=self.request.user,
        )


class VoucherInspectView(InspectView):
    page_title = gettext_lazy("凭证")

    def get_edit_url(self) -> str | None:
        return super().get_edit_url() if _may_change(self.object, self.request.user) else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        voucher, user = self.object, self.request.user
        own = voucher.entered_by_id == user.pk
        may_approve = rows_for(Voucher, user, "approve").filter(pk=voucher.pk).exists()
        may_add = Voucher.objects.for_user(user, "add").standing().filter(pk=voucher.pk).exists()
        return super().get_context_data(**kwargs) | {
            "voucher": voucher,
            "papers": voucher.evidence.all(),
            "entries": voucher.entries.select_related("fund"),
            "may_decide": voucher.status == Status.PENDING and may_approve and not own,
            "may_change": _may_change(voucher, user),
            "may_reverse": may_add and not voucher.reversals.pending().exists(),
            "refusal": RefusalForm(),
            "audit": history.of(voucher),
        }


class VoucherViewSet(ScopedModelViewSet):
    model = Voucher
    name = "fund_vouchers"
    url_prefix = "funds/vouchers"
    icon = "form"
    menu_label = gettext_lazy("凭证审批")
    add_to_admin_menu = False
    index_view_class = VoucherIndexView
    add_view_class = VoucherCreateView
    edit_view_class = VoucherEditView
    inspect_view_class = VoucherInspectView
    inspect_view_enabled = True
    inspect_template_name = "funds/admin/voucher.html"
    row_pages = ("inspect",)
    list_filter = {"status": ["exact"], "kind": ["exact"], "fund": ["exact"], "on": ["range"]}
    list_per_page = 50
    list_display = [
        to_row("what", gettext_lazy("内容"), "fund_vouchers"),
        Column("get_kind_display", label=gettext_lazy("事项"), sort_key="kind"),
        Column("purpose", label=gettext_lazy("事由")),
        Column("fund", label=gettext_lazy("基金"), sort_key="fund__name"),
        DayColumn("on", label=gettext_lazy("发生日期"), sort_key="on"),
        Column("entered_by", label=gettext_lazy("经办人"), sort_key="entered_by"),
        Column("get_status_display", label=gettext_lazy("状态"), sort_key="status"),
        Column("number", label=gettext_lazy("凭证号"), sort_key="number"),
    ]
    list_export = ["number", "fund", "get_kind_display", "on", "what", "purpose", "entered_by", "decided_by"]
    list_export += ["get_status_display", "decision_reason"]
    export_headings = {
        "get_kind_display": gettext_lazy("事项"),
        "get_status_display": gettext_lazy("状态"),
        "what": gettext_lazy("内容"),
    }
    export_filename = "fund-vouchers"
    search_fields = ["purpose", "goods"]
    ordering = ["-on", "-pk"]

    def get_form_class(self, for_update: bool = False) -> Any:
        """The views make the form of the voucher's kind."""
        return voucher_form(Kind.COST)
