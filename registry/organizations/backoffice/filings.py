"""The queue of filings, and the page on which one is looked at and decided."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView

from accounts import files
from accounts.audit import lines_about
from accounts.scoping import rows_for
from accounts.viewsets import ReadOnlyViewSet
from registry.organizations import actions, snapshots
from registry.organizations.actions.review import renewed_period
from registry.organizations.backoffice.filters import FilingFilterSet
from registry.organizations.backoffice.forms import ReviewForm
from registry.organizations.choices import WAITING, Purpose, State
from registry.organizations.models import Filing, FilingFile, Submission


class DueColumn(Column):
    """The day for the opinion; past it, by how many days."""

    cell_template_name = "organizations/admin/due_cell.html"


class StateColumn(Column):
    """The state, in the colour that it has everywhere."""

    cell_template_name = "organizations/admin/state_cell.html"


class QueueView(IndexView):
    """The filings on which an opinion is due, the most urgent first; then those that are decided."""

    any_permission_required = ["view"]

    def get_base_queryset(self) -> QuerySet[Filing]:
        """Drafts are their writers' alone."""
        rank = Case(When(state__in=WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = super().get_base_queryset().exclude(state=State.DRAFT).annotate(rank=rank)
        return rows.select_related("place", "kind", "reviewer", "applicant")

    def order_queryset(self, queryset: QuerySet[Filing]) -> QuerySet[Filing]:
        """By urgency, unless the reader sorts otherwise."""
        if self.request.GET.get("ordering"):
            return super().order_queryset(queryset)
        return queryset.order_by("rank", "due_on", "pk")  # type: ignore[misc]


class ReviewView(InspectView):
    """A filing beside what it was when it was submitted last, with a place for a reason at each field."""

    object: Filing
    page_title = gettext_lazy("审核")
    any_permission_required = ["view"]
    template_name = "organizations/admin/review.html"

    def get_object(self, queryset: Any = None) -> Filing:
        rows = Filing.objects.entered().select_related("place", "kind", "applicant", "reviewer", "organization")
        return get_object_or_404(rows, pk=self.pk)

    @property
    def may_review(self) -> bool:
        """Whether this user may decide on this filing now."""
        mine = rows_for(Filing, self.request.user, "review").filter(pk=self.object.pk)
        return self.object.is_waiting and mine.exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        submissions = list(self.object.submissions.select_related("by").order_by("-number")[:2])
        now = submissions[0].content
        before = submissions[1].content if len(submissions) > 1 else self._approved_before()
        form = kwargs.get("form") or ReviewForm()
        lines, groups = snapshots.compare(now, before), snapshots.compare_lists(now, before)
        everything: list[snapshots.Line | snapshots.Group] = [*lines, *groups]
        return context | {
            "filing": self.object,
            "submission": submissions[0],
            "compares": before is not None,
            "before_label": _("上次提交的") if len(submissions) > 1 else _("上次通过的"),
            "changes": [one for one in everything if one.changed],
            "renewed_period": self._renewed_period(),
            "lines": [(line, form[f"reason_{line.name}"]) for line in lines],
            "groups": [(group, form[f"reason_{group.name}"]) for group in groups],
            "files": self.object.files.all(),
            "form": form,
            "may_review": self.may_review,
            "decisions": [
                (decision, [(snapshots.label_of(name), reason) for name, reason in decision.reasons.items()])
                for decision in self.object.decisions.select_related("by").order_by("-pk")
            ],
            "history": lines_about(self.object)[:30],
        }

    def _renewed_period(self) -> tuple[datetime.date, datetime.date] | None:
        """Of a renewal that waits: from when to when it would hold if it were approved now."""
        filing = self.object
        if filing.purpose != Purpose.RENEWAL or filing.organization is None or not filing.is_waiting:
            return None
        return renewed_period(filing.organization, filing)

    def _approved_before(self) -> Any:
        """Of a renewal's first submission: what was approved last."""
        organization = self.object.organization
        if organization is None or organization.filing_id == self.object.pk:
            return None
        last: Submission | None = organization.filing.submissions.order_by("-number").first()
        return last.content if last else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the filing into review, or decide."""
        if not rows_for(Filing, request.user, "review").filter(pk=self.object.pk).exists():
            raise PermissionDenied
        form = ReviewForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            text = self._act(form)
        except ValidationError as error:
            # In another transaction a colleague may have been faster: the page then shows how it stands.
            self.object = self.get_object()
            messages.error(request, "".join(error.messages))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, text)
        return redirect(request.path)

    def _act(self, form: ReviewForm) -> str:
        filing, by = self.object, self.request.user
        remark, reasons = form.cleaned_data["remark"], form.reasons()
        verb = form.cleaned_data["verb"]
        if verb == "take":
            actions.take_into_review(filing=filing, by=by)
            return _("已接手审核。")
        if verb == "approve":
            organization = actions.approve_filing(filing=filing, remark=remark, by=by)
            return _("已通过，备案号 %(number)s。已发邮件告诉申请人。") % {"number": organization.number}
        if verb == "return":
            actions.return_filing(filing=filing, reasons=reasons, remark=remark, by=by)
            return _("已退回补正，已发邮件告诉申请人。")
        actions.refuse_filing(filing=filing, reasons=reasons, remark=remark, by=by)
        return _("已作出不予备案的决定，已发邮件告诉申请人。")


class FileView(View):
    """A file of a filing, for those who may see the filing."""

    scoped = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file; what stands out of reach is not there."""
        found = rows_for(FilingFile, request.user).exclude(filing__state=State.DRAFT).filter(pk=pk).first()
        if found is None:
            raise Http404
        return files.serve(found.file, name=found.name)  # type: ignore[return-value]


class FilingViewSet(ReadOnlyViewSet):
    """Filings are written on the public site and decided here: nothing else can be done with them."""

    model = Filing
    icon = "tasks"
    menu_label = gettext_lazy("备案审核")
    menu_name = "organization-filings"
    inspect_view_enabled = True
    index_view_class = QueueView
    inspect_view_class = ReviewView
    inspect_template_name = "organizations/admin/review.html"
    filterset_class = FilingFilterSet
    search_fields = ["name", "credit_code"]
    list_per_page = 50
    list_display = [
        "name",
        Column("get_purpose_display", label=gettext_lazy("事项"), sort_key="purpose"),
        Column("place", label=gettext_lazy("所在地"), sort_key="place__path"),
        StateColumn("get_state_display", label=gettext_lazy("状态"), sort_key="state"),
        DueColumn("due_on", label=gettext_lazy("应办结日期"), sort_key="due_on"),
        Column("submitted_at", label=gettext_lazy("提交时间"), sort_key="submitted_at"),
        Column("reviewer", label=gettext_lazy("审核人")),
    ]
    list_export = [
        "name",
        "get_purpose_display",
        "place.name",
        "get_form_display",
        "kind.name",
        "get_state_display",
        "submitted_at",
        "due_on",
        "decided_at",
        "reviewer",
    ]
    export_headings = {
        "name": gettext_lazy("组织名称"),
        "get_purpose_display": gettext_lazy("事项"),
        "place.name": gettext_lazy("所在地"),
        "get_form_display": gettext_lazy("法律形式"),
        "kind.name": gettext_lazy("类别"),
        "get_state_display": gettext_lazy("状态"),
        "submitted_at": gettext_lazy("提交时间"),
        "due_on": gettext_lazy("应办结日期"),
        "decided_at": gettext_lazy("办结时间"),
        "reviewer": gettext_lazy("审核人"),
    }
    export_filename = "filings"

    def get_urlpatterns(self) -> list[URLPattern]:
        """The queue, the review, the files."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("review/<int:pk>/", self.inspect_view, name="inspect"),
            path("files/<int:pk>/", FileView.as_view(), name="file"),
        ]
