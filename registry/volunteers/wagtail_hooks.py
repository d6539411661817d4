"""Volunteers in the back office: one group of the menu, and the pages that its lists lead to."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from registry.volunteers.backoffice import activities, hours, people
from registry.volunteers.backoffice.choosers import TeamChooserViewSet, VolunteerChooserViewSet


class VolunteersGroup(ViewSetGroup):
    """The menu group."""

    menu_label = _("志愿服务")
    menu_icon = "group"
    menu_order = 620
    items = (
        people.VolunteerViewSet("volunteers_people", url_prefix="volunteers/people"),
        people.TeamViewSet("volunteers_teams", url_prefix="volunteers/teams"),
        activities.ActivityViewSet("volunteers_activities", url_prefix="volunteers/activities"),
        hours.HourLineViewSet("volunteers_hours", url_prefix="volunteers/hours"),
        hours.ObjectionViewSet("volunteers_objections", url_prefix="volunteers/objections"),
        hours.CertificateViewSet("volunteers_certificates", url_prefix="volunteers/certificates"),
        hours.RulesViewSet("volunteers_rules", url_prefix="volunteers/rules"),
    )


@hooks.register("register_admin_viewset")
def volunteers_group() -> VolunteersGroup:
    """The lists."""
    return VolunteersGroup()


@hooks.register("register_admin_viewset")
def volunteer_chooser() -> VolunteerChooserViewSet:
    """The dialog in which a volunteer is chosen."""
    return VolunteerChooserViewSet("volunteer_chooser")


@hooks.register("register_admin_viewset")
def team_chooser() -> TeamChooserViewSet:
    """The dialog in which a team is chosen."""
    return TeamChooserViewSet("team_chooser")


@hooks.register("register_admin_urls")
def pages() -> list[URLPattern]:
    """What is done with a row."""
    prefix = "volunteers"
    return [
        path(f"{prefix}/people/<int:pk>/reveal/", people.RevealView.as_view(), name="volunteers_reveal"),
        path(f"{prefix}/teams/<int:pk>/members/", people.TeamMembersView.as_view(), name="volunteers_team_members"),
        path(f"{prefix}/memberships/<int:pk>/leave/", people.LeaveView.as_view(), name="volunteers_leave"),
        path(f"{prefix}/activities/<int:pk>/", activities.ActivityDeskView.as_view(), name="volunteers_activity_desk"),
        path(
            f"{prefix}/activities/<int:pk>/cancel/",
            activities.ActivityCancelView.as_view(),
            name="volunteers_activity_cancel",
        ),
        path(f"{prefix}/activities/<int:pk>/shift/", activities.ShiftCreateView.as_view(), name="volunteers_shift_new"),
        path(f"{prefix}/shifts/<int:pk>/", activities.ShiftEditView.as_view(), name="volunteers_shift_edit"),
        path(f"{prefix}/shifts/<int:pk>/cancel/", activities.ShiftCancelView.as_view(), name="volunteers_shift_cancel"),
        path(f"{prefix}/shifts/<int:pk>/sheet/", activities.SheetView.as_view(), name="volunteers_sheet"),
        path(f"{prefix}/shifts/<int:pk>/qr/", activities.QrView.as_view(), name="volunteers_qr"),
        path(
            f"{prefix}/sign-ups/<int:pk>/check-in/",
            activities.CheckInByListView.as_view(),
            name="volunteers_check_in_by_list",
        ),
        path(f"{prefix}/hours/<int:pk>/", hours.RulingView.as_view(), name="volunteers_ruling"),
        path(f"{prefix}/certificates/<int:pk>/", hours.CertificateView.as_view(), name="volunteers_certificate"),
        path(
            f"{prefix}/certificates/<int:pk>/file/",
            hours.CertificateFileView.as_view(),
            name="volunteers_certificate_file",
        ),
        path(
            f"{prefix}/certificates/<int:pk>/refuse/",
            hours.CertificateRefuseView.as_view(),
            name="volunteers_certificate_refuse",
        ),
        path(
            f"{prefix}/certificates/<int:pk>/revoke/",
            hours.CertificateRevokeView.as_view(),
            name="volunteers_certificate_revoke",
        ),
    ]
