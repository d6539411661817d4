"""Volunteers and teams: numbers masked in every list, and shown in full only with a reason, on record."""

from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from accounts import audit
from accounts.acting import ActionMixin, RowView, StepView
from accounts.scoping import rows_for
from accounts.viewsets import ScopedModelViewSet, narrow
from registry.places.models import subtree
from registry.volunteers import actions, reports
from registry.volunteers.backoffice.choosers import title_of
from registry.volunteers.backoffice.forms import MemberForm, NewVolunteerForm, TeamForm, VolunteerForm, WhyForm
from registry.volunteers.choices import LineKind
from registry.volunteers.halves import hours, stars
from registry.volunteers.models import Membership, Team, Volunteer


class HoursColumn(Column):
    """Half hours of an annotation as hours."""

    def get_value(self, instance: Any) -> Any:
        """Hours."""
        return hours(super().get_value(instance))


class VolunteerIndexView(generic.IndexView):
    """Volunteers with their hours of service."""

    def get_base_queryset(self) -> Any:
        """With the sum of service."""
        service = Sum("hour_lines__halves", filter=Q(hour_lines__kind=LineKind.SERVICE))
        return super().get_base_queryset().select_related("place").annotate(service=Coalesce(service, 0))

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """Hours, and the star level."""
        item.stars, item.service = stars(item.service), hours(item.service)
        return super().to_row_dict(item)


class VolunteerCreateView(ActionMixin, generic.CreateView):
    """Registers somebody at the office."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """No row: the form is no model form."""
        return super().get_form_kwargs() | {"instance": None}

    def act(self, data: dict[str, Any]) -> Volunteer:
        """Register."""
        return actions.register_volunteer(**self.form.particulars(), by=self.request.user)


class VolunteerEditView(ActionMixin, generic.EditView):
    """Corrects what may be corrected."""

    def act(self, data: dict[str, Any]) -> Volunteer:
        """Change."""
        return actions.change_volunteer(volunteer=self.object, **self.form.changes(), by=self.request.user)


class VolunteerInspectView(generic.InspectView):
    """What is kept of somebody, masked; what they gave; who did what."""

    page_title = _("志愿者")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Totals, teams and the last lines of the audit."""
        volunteer: Volunteer = self.object
        may_reveal = rows_for(Volunteer, self.request.user, "reveal").filter(pk=volunteer.pk).exists()
        lines = volunteer.hour_lines.select_related("activity__organization", "activity__place", "reversed_by")
        return super().get_context_data(**kwargs) | {
            "volunteer": volunteer,
            "totals": reports.totals_of(volunteer),
            "memberships": volunteer.memberships.current().select_related("team"),
            "lines": lines.prefetch_related("decisions")[:20],
            "audit": audit.lines_about(volunteer)[:10],
            "may_reveal": may_reveal,
            "edit_url": self.get_edit_url(),
        }


class VolunteerViewSet(ScopedModelViewSet):
    """The register."""

    model = Volunteer
    icon = "group"
    menu_label = _("志愿者")
    menu_order = 100
    index_view_class = VolunteerIndexView
    add_view_class = VolunteerCreateView
    edit_view_class = VolunteerEditView
    inspect_view_class = VolunteerInspectView
    inspect_view_enabled = True
    inspect_template_name = "volunteers/admin/volunteer.html"
    list_display = [
        TitleColumn("name", label=_("姓名"), url_name="volunteers_people:inspect", sort_key="name"),
        Column("masked_id", label=_("证件号码")),
        Column("masked_phone", label=_("电话")),
        Column("place", label=_("居住地"), sort_key="place__path"),
        HoursColumn("service", label=_("服务小时"), sort_key="service"),
        Column(
            "registered_at",
            label=_("登记时间"),
            accessor=lambda one: timezone.localdate(one.registered_at),
            sort_key="registered_at",
        ),
    ]
    list_filter = {"place": ["exact"], "id_type": ["exact"], "registered_at": ["range"]}
    list_export = [
        "name",
        "get_id_type_display",
        "masked_id",
        "masked_phone",
        "place",
        "service",
        "stars",
        "registered_at",
    ]
    export_headings = {
        "get_id_type_display": _("证件类型"),
        "masked_id": _("证件号码"),
        "masked_phone": _("联系电话"),
        "service": _("服务小时"),
        "stars": _("星级"),
    }
    export_filename = "volunteers"
    search_fields = ["name"]
    ordering = ["-registered_at"]

    def get_form_class(self, for_update: bool = False) -> Any:
        """Another form to register and to correct."""
        return VolunteerForm if for_update else NewVolunteerForm


class RevealView(RowView):
    """Shows the numbers in full, once a reason is given; the look is on record."""

    model = Volunteer
    permission_required = "reveal"
    form_class = WhyForm
    template_name = "volunteers/admin/reveal.html"
    page_title = _("查看完整号码")
    listing = "volunteers_people:index"
    header_icon = "view"

    def form_valid(self, form: Any) -> HttpResponse:
        """The numbers, on a page that nobody keeps."""
        shown = actions.reveal(volunteer=self.object, why=form.cleaned_data["why"], by=self.request.user)
        response = self.render_to_response(self.get_context_data(form=form, shown=shown))
        response["Cache-Control"] = "no-store"
        return response


class TeamCreateView(ActionMixin, generic.CreateView):
    """Founds a team."""

    def act(self, data: dict[str, Any]) -> Team:
        """Found."""
        return actions.create_team(**data, by=self.request.user)


class TeamEditView(ActionMixin, generic.EditView):
    """Changes a team."""

    def act(self, data: dict[str, Any]) -> Team:
        """Change."""
        return actions.change_team(team=self.object, **data, by=self.request.user)


class TeamViewSet(ScopedModelViewSet):
    """Teams."""

    model = Team
    icon = "group"
    menu_label = _("志愿服务队")
    menu_order = 200
    add_view_class = TeamCreateView
    edit_view_class = TeamEditView
    list_display = [
        TitleColumn("name", label=_("队名"), url_name="volunteers_team_members", sort_key="name"),
        Column("place", label=_("地方"), sort_key="place__path"),
        Column("organization", label=_("所属组织")),
        Column("founded_on", label=_("成立日期"), sort_key="founded_on"),
    ]
    list_filter = ["place"]
    list_export = ["name", "place", "organization", "founded_on"]
    export_filename = "volunteer-teams"
    search_fields = ["name"]
    ordering = ["name"]
    form_class = TeamForm


class TeamMembersView(RowView):
    """Who is in a team; takes volunteers in."""

    model = Team
    readable = True
    form_class = MemberForm
    template_name = "volunteers/admin/team.html"
    page_title = _("队员")
    listing = "volunteers_teams:index"
    header_icon = "group"
    success_message = _("已入队。")

    def get_form(self, form_class: Any = None) -> Any:
        """Those to choose from: of the team's place, in the user's reach, and not members."""
        form = super().get_form(form_class)
        township = self.object.place.get_parent() or self.object.place
        members = self.object.memberships.current().values("volunteer")
        people = rows_for(Volunteer, self.request.user).filter(subtree([township], "place"))
        narrow(form.fields["volunteer"], people.exclude(pk__in=members).order_by("place__path", "name"))
        form.fields["volunteer"].label_from_instance = title_of
        return form

    def act(self, data: dict[str, Any]) -> Any:
        """Take in."""
        return actions.join_team(team=self.object, volunteer=data["volunteer"], by=self.request.user)

    def get_success_url(self) -> str:
        """The same page."""
        return reverse("volunteers_team_members", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The members."""
        members = self.object.memberships.current().select_related("volunteer__place")
        return super().get_context_data(**kwargs) | {"team": self.object, "members": members}


class LeaveView(StepView):
    """Ends a membership."""

    model = Membership
    success_message = _("已离队。")

    def act(self, data: dict[str, Any]) -> Any:
        """Leave."""
        return actions.leave_team(membership=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        """The team."""
        return reverse("volunteers_team_members", args=[self.object.team_id])
