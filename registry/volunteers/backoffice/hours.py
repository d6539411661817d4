"""The ledger, the objections to it, and the certificates made from it."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from accounts.acting import RowView
from accounts.viewsets import ReadOnlyViewSet, ScopedModelViewSet
from registry.volunteers import actions, reports
from registry.volunteers.backoffice.forms import RevokeForm, RulingForm, WhyForm
from registry.volunteers.halves import hours
from registry.volunteers.models import Certificate, HourLine, VolunteerRules
from registry.volunteers.papers import certificate_response
from registry.volunteers.templatetags.volunteers import line_state


class HourLineIndexView(generic.IndexView):
    """Lines with what was said to them."""

    def get_base_queryset(self) -> Any:
        """With what the columns show."""
        rows = super().get_base_queryset().select_related("volunteer", "activity__organization", "activity__place")
        return rows.select_related("reversed_by", "recorded_by").prefetch_related("decisions")

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """Hours."""
        item.standing = _standing(item)
        return super().to_row_dict(item) | {"halves": hours(item.halves)}


class ObjectionIndexView(HourLineIndexView):
    """Lines objected to that wait to be checked."""

    page_title = _("时长异议")

    def get_base_queryset(self) -> Any:
        """The open ones."""
        return super().get_base_queryset().disputed()


def _standing(line: HourLine) -> str:
    return line_state(line).label or str(_("待本人确认"))


class HourLineViewSet(ReadOnlyViewSet):
    """The ledger."""

    model = HourLine
    icon = "time"
    menu_label = _("服务时长")
    menu_order = 400
    index_view_class = HourLineIndexView
    list_display = [
        TitleColumn(
            "volunteer",
            label=_("志愿者"),
            accessor="volunteer.name",
            url_name="volunteers_ruling",
            sort_key="volunteer__name",
        ),
        Column("date", label=_("日期"), sort_key="date"),
        Column("activity", label=_("活动"), sort_key="activity__title"),
        Column("get_kind_display", label=_("类别"), sort_key="kind"),
        Column("halves", label=_("小时"), accessor=lambda line: hours(line.halves), sort_key="halves"),
        Column("standing", label=_("状态"), accessor=_standing),
        Column("recorded_by", label=_("记录人")),
    ]
    list_filter = {"kind": ["exact"], "date": ["range"], "activity__place": ["exact"]}
    list_export = [
        "volunteer.name",
        "date",
        "activity",
        "activity.organizer",
        "get_kind_display",
        "halves",
        "standing",
        "note",
    ]
    export_headings = {
        "volunteer.name": _("志愿者"),
        "activity.organizer": _("组织单位"),
        "get_kind_display": _("类别"),
        "halves": _("小时"),
        "standing": _("状态"),
    }
    export_filename = "volunteer-hours"
    search_fields = ["volunteer__name", "activity__title"]
    ordering = ["-date", "-pk"]


class ObjectionViewSet(HourLineViewSet):
    """The queue of objections."""

    icon = "comment"
    menu_label = _("时长异议")
    menu_order = 450
    index_view_class = ObjectionIndexView
    export_filename = "volunteer-objections"
    add_to_reference_index = False


class RulingView(RowView):
    """Checks a line: keeps it, or corrects it by a reversal and a new line."""

    model = HourLine
    permission_required = "rule"
    readable = True
    form_class = RulingForm
    template_name = "volunteers/admin/ruling.html"
    page_title = _("核实时长")
    listing = "volunteers_hours:index"
    header_icon = "time"
    success_message = _("已处理。")
    form_names = {"halves": "hours"}

    def get_queryset(self) -> Any:
        """With what the page shows."""
        rows = HourLine.objects.select_related("volunteer", "activity__organization", "activity__place", "reversed_by")
        return rows.select_related("shift", "recorded_by", "reverses").prefetch_related("decisions__by")

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"hours": hours(abs(self.object.halves))}

    def act(self, data: dict[str, Any]) -> Any:
        """Keep or correct."""
        return actions.rule_on_hours(
            line=self.object, halves=data["hours"], reason=data["reason"], by=self.request.user
        )

    def get_success_url(self) -> str:
        """The queue."""
        return reverse("volunteers_objections:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How the line stands, and who was at that shift."""
        line = self.object
        stands = line.reverses_id is None and getattr(line, "reversed_by", None) is None
        sign_up = line.shift and line.shift.sign_ups.filter(volunteer=line.volunteer).first()
        return super().get_context_data(**kwargs) | {"line": line, "stands": stands, "sign_up": sign_up}


class CertificateIndexView(generic.IndexView):
    """Requests and what came of them."""

    def get_base_queryset(self) -> Any:
        """With what the columns show."""
        rows = super().get_base_queryset()
        return rows.select_related("volunteer", "place", "organization", "document", "decided_by")


class CertificateViewSet(ReadOnlyViewSet):
    """Certificates."""

    model = Certificate
    icon = "doc-full-inverse"
    menu_label = _("记录证明")
    menu_order = 500
    index_view_class = CertificateIndexView
    list_display = [
        TitleColumn(
            "volunteer",
            label=_("志愿者"),
            accessor="volunteer.name",
            url_name="volunteers_certificate",
            sort_key="volunteer__name",
        ),
        Column("issuer", label=_("出具单位")),
        Column("number", label=_("编号"), accessor=lambda one: one.document.number if one.document else ""),
        Column("state", label=_("状态"), accessor="standing", sort_key="state"),
        Column(
            "requested_at",
            label=_("申请时间"),
            accessor=lambda one: timezone.localdate(one.requested_at),
            sort_key="requested_at",
        ),
    ]
    list_filter = ["state", "place", "organization"]
    list_export = ["volunteer.name", "issuer", "number", "standing", "requested_at", "decided_at"]
    export_headings = {
        "volunteer.name": _("志愿者"),
        "issuer": _("出具单位"),
        "number": _("编号"),
        "standing": _("状态"),
    }
    export_filename = "volunteer-certificates"
    search_fields = ["volunteer__name"]
    ordering = ["-requested_at"]


class CertificateView(RowView):
    """A request: what would be certified, and the button that issues it."""

    model = Certificate
    permission_required = "issue"
    readable = True
    form_class = Form
    template_name = "volunteers/admin/certificate.html"
    page_title = _("志愿服务记录证明")
    listing = "volunteers_certificates:index"
    header_icon = "doc-full-inverse"
    success_message = _("已出具，志愿者可以下载。")

    def get_queryset(self) -> Any:
        """With what the page shows."""
        return Certificate.objects.select_related("volunteer", "place", "organization", "document", "decided_by")

    def act(self, data: dict[str, Any]) -> Certificate:
        """Issue."""
        return actions.issue_certificate(certificate=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        """The same page."""
        return reverse("volunteers_certificate", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines as they are today, and whether they are still those that were certified."""
        return super().get_context_data(**kwargs) | {
            "certificate": self.object,
            "report": reports.certificate_report(self.object, handler=str(self.request.user)),
            "outdated": reports.outdated(self.object),
        }


class CertificateRefuseView(RowView):
    """Refuses a request."""

    model = Certificate
    permission_required = "issue"
    form_class = WhyForm
    template_name = "volunteers/admin/form.html"
    page_title = _("不予出具")
    listing = "volunteers_certificates:index"
    header_icon = "cross"
    success_message = _("已办理。")
    extra_context = {"help": _("原因会告诉申请人。"), "submit": _("不予出具")}

    def act(self, data: dict[str, Any]) -> Certificate:
        """Refuse."""
        return actions.refuse_certificate(certificate=self.object, why=data["why"], by=self.request.user)

    def get_success_url(self) -> str:
        """The request."""
        return reverse("volunteers_certificate", args=[self.object.pk])


class CertificateRevokeView(CertificateRefuseView):
    """Revokes what was issued."""

    form_class = RevokeForm
    page_title = _("撤销证明")
    success_message = _("已撤销，扫码核验会显示已撤销。")
    extra_context = {"help": _("撤销不能恢复；类别会公开，原因不公开。"), "submit": _("撤销")}

    def act(self, data: dict[str, Any]) -> Certificate:
        """Revoke."""
        return actions.revoke_certificate(certificate=self.object, **data, by=self.request.user)


class CertificateFileView(CertificateView):
    """The paper: as issued, or a preview that says that it is none."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF in the browser; the page of the request where there is nothing to list."""
        paper = certificate_response(self.object, handler=request.user)
        return paper or super().get(request, *args, **kwargs)


class RulesViewSet(ScopedModelViewSet):
    """What a county decides for itself."""

    model = VolunteerRules
    icon = "cog"
    menu_label = _("计时规则")
    menu_order = 900
    list_display = ["place", "daily_cap", "check_in_minutes", "check_in_opens"]
    form_fields = ["place", "daily_cap", "check_in_minutes", "check_in_opens"]
