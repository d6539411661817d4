"""The organizations in the register: the list, the page about one, taking one off."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView

from accounts.audit import lines_about
from accounts.scoping import rows_for
from accounts.viewsets import ReadOnlyViewSet, ScopedChooserViewSet
from registry.organizations import actions
from registry.organizations.backoffice.filings import StateColumn
from registry.organizations.backoffice.filters import OrganizationFilterSet
from registry.organizations.backoffice.forms import DeregisterForm
from registry.organizations.choices import State, Status
from registry.organizations.models import Organization
from registry.organizations.models.rules import settings_for


class RegisterView(IndexView):
    """The organizations of the places that the user reaches."""

    any_permission_required = ["view"]
    default_ordering = "name"

    def get_base_queryset(self) -> QuerySet[Organization]:
        return super().get_base_queryset().select_related("place", "kind")


class DetailView(InspectView):
    """All that the register holds about one organization."""

    page_title = gettext_lazy("登记簿")
    any_permission_required = ["view"]
    template_name = "organizations/admin/organization.html"

    def get_object(self, queryset: Any = None) -> Organization:
        return get_object_or_404(Organization.objects.select_related("place", "kind", "filing"), pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organization = self.object
        stale_days = settings_for(organization.place).stale_service_days
        return super().get_context_data(**kwargs) | {
            "organization": organization,
            "filings": organization.filings.exclude(state=State.DRAFT).order_by("-pk"),
            "managers": organization.managers.select_related("user"),
            "services": [(service, service.is_stale(stale_days)) for service in organization.services.all()],
            "nurture": organization.nurture.all(),
            "support": organization.support.all(),
            "contracts": organization.contracts.all(),
            "reports": organization.annual_reports.all(),
            "founders": organization.filing.founders.all(),
            "member_count": organization.filing.members.count(),
            "files": organization.filing.files.all(),
            "history": lines_about(organization)[:30],
            "form": kwargs.get("form") or DeregisterForm(),
            "may_deregister": self.may_deregister,
        }

    @property
    def may_deregister(self) -> bool:
        """Whether this user may take this organization off the register."""
        if self.object.status == Status.DEREGISTERED:
            return False
        return rows_for(Organization, self.request.user, "deregister").filter(pk=self.object.pk).exists()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the organization off the register."""
        if not self.may_deregister:
            raise PermissionDenied
        form = DeregisterForm(request.POST)
        if form.is_valid():
            try:
                actions.deregister(organization=self.object, reason=form.cleaned_data["reason"], by=request.user)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("已注销，已发邮件告诉组织的管理员。"))
                return redirect(request.path)
        return self.render_to_response(self.get_context_data(form=form))


class OrganizationViewSet(ReadOnlyViewSet):
    """What stands in the register changes by filings alone."""

    model = Organization
    icon = "group"
    menu_label = gettext_lazy("组织名册")
    menu_name = "organizations-register"
    inspect_view_enabled = True
    index_view_class = RegisterView
    inspect_view_class = DetailView
    inspect_template_name = "organizations/admin/organization.html"
    filterset_class = OrganizationFilterSet
    search_fields = ["name", "number", "credit_code"]
    list_per_page = 50
    list_display = [
        "name",
        Column("number", label=gettext_lazy("备案号"), sort_key="number"),
        Column("kind", label=gettext_lazy("类别"), sort_key="kind__order"),
        Column("place", label=gettext_lazy("所在地"), sort_key="place__path"),
        StateColumn("standing", label=gettext_lazy("状态"), sort_key="status"),
        Column("valid_until", label=gettext_lazy("有效期至"), sort_key="valid_until"),
        Column("head_name", label=gettext_lazy("负责人"), sort_key="head_name"),
    ]
    list_export = [
        "number",
        "name",
        "get_form_display",
        "credit_code",
        "kind.name",
        "get_field_of_work_display",
        "place.name",
        "standing",
        "registered_on",
        "valid_until",
        "head_name",
        "contact_phone",
        "premises",
        "aims",
    ]
    export_headings = {
        "get_form_display": gettext_lazy("法律形式"),
        "kind.name": gettext_lazy("类别"),
        "get_field_of_work_display": gettext_lazy("业务领域"),
        "place.name": gettext_lazy("所在地"),
        "standing": gettext_lazy("状态"),
    } | {
        name: getattr(Organization._meta.get_field(name), "verbose_name", name)
        for name in (
            "number",
            "name",
            "credit_code",
            "registered_on",
            "valid_until",
            "head_name",
            "contact_phone",
            "premises",
            "aims",
        )
    }
    export_filename = "organizations"

    def get_urlpatterns(self) -> list[URLPattern]:
        """The list and the page about one."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
        ]


class OrganizationChooserViewSet(ScopedChooserViewSet):
    """Chooses an organization by name: there are too many for a list."""

    model = Organization
    icon = "group"
    choose_one_text = gettext_lazy("选择组织")
    choose_another_text = gettext_lazy("换一个组织")
    per_page = 20
