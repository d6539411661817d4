"""Who holds which role where."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts import actions
from accounts.desk.columns import DayColumn
from accounts.desk.forms import ActionViewMixin, AppointmentForm, TermForm
from accounts.desk.histories import ABSENT, without_history
from accounts.models import Appointment
from accounts.roles import Role
from accounts.viewsets import ScopedModelViewSet
from registry.places.models import trails


class AppointmentFilters(WagtailFilterSet):
    """Narrows the list down."""

    role = django_filters.MultipleChoiceFilter(label=_("角色"), choices=Role.choices)
    current = django_filters.BooleanFilter(label=_("现任"), method="filter_current")

    class Meta:
        model = Appointment
        fields = ["role", "current"]

    def filter_current(self, rows: QuerySet[Appointment], name: str, value: bool | None) -> QuerySet[Appointment]:
        """Those that hold today, or those that do not."""
        if value is None:
            return rows
        current = Appointment.objects.current().values("pk")
        return rows.filter(pk__in=current) if value else rows.exclude(pk__in=current)


class AppointmentIndexView(generic.IndexView):
    """All roles held at places that the user may see."""

    filterset_class = AppointmentFilters

    def get_base_queryset(self) -> QuerySet[Appointment]:
        return super().get_base_queryset().select_related("user", "place")

    def search_queryset(self, queryset: QuerySet[Appointment]) -> QuerySet[Appointment]:
        if not self.is_searching:
            return queryset
        typed = self.search_query.strip()
        return queryset.filter(
            Q(user__display_name__contains=typed)
            | Q(user__username__icontains=typed)
            | Q(user__email__icontains=typed)
            | Q(place__name__contains=typed)
        )

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        rows = context["object_list"]
        above = trails([row.place for row in rows])
        for row in rows:
            row.trail = f"{above[row.place.path]} {row.place}".strip()
        return context


class AppointmentCreateView(ActionViewMixin, generic.CreateView):
    """Gives somebody a role."""

    def perform(self, given: dict[str, Any]) -> Appointment:
        return actions.appoint(
            user=given["account"],
            role=given["role"],
            place=given["place"],
            since=given["since"],
            until=given["until"],
            by=self.request.user,
        )


class AppointmentEditView(ActionViewMixin, generic.EditView):
    """Changes from and until when."""

    delete_item_label = _("立即结束")

    def perform(self, given: dict[str, Any]) -> Appointment:
        return actions.change_appointment(
            appointment=self.object, since=given["since"], until=given["until"], by=self.request.user
        )

    @cached_property
    def can_delete(self) -> bool:
        today = timezone.localdate()
        return super().can_delete and (self.object.until is None or self.object.until >= today)


class AppointmentEndView(generic.DeleteView):
    """Ends a role at once; that it was held stays in the list and in the audit."""

    page_title = _("立即结束任职")

    def get_confirmation_message(self) -> str:
        """What will happen."""
        return str(_("“%(held)s”从现在起不再有效，任职记录保留。确定吗？") % {"held": self.object})

    @property
    def confirmation_message(self) -> str:
        """The same, as Wagtail's template asks for it."""
        return self.get_confirmation_message()

    def form_valid(self, form: Any) -> Any:
        try:
            actions.end_appointment(appointment=self.object, by=self.request.user)
        except PermissionDenied as error:
            messages.error(self.request, str(error))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, _("已结束：%(held)s") % {"held": self.object})
        return redirect(self.get_success_url())


class AppointmentViewSet(ScopedModelViewSet):
    """Roles held at places."""

    model = Appointment
    name = "appointments"
    icon = "group"
    menu_label = _("任职")
    add_to_reference_index = False
    index_view_class = AppointmentIndexView
    add_view_class = AppointmentCreateView
    edit_view_class = AppointmentEditView
    delete_view_class = AppointmentEndView
    delete_template_name = "accounts/admin/confirm_end.html"
    list_per_page = 50
    list_display = [
        "user",
        Column("get_role_display", label=_("角色"), sort_key="role"),
        Column("trail", label=_("地方"), sort_key="place__path"),
        DayColumn("since", label=_("自"), sort_key="since"),
        DayColumn("until", label=_("至"), sort_key="until"),
    ]
    list_export = ["user", "user.username", "get_role_display", "place", "place.code", "since", "until"]
    export_headings = {
        "user": _("姓名"),
        "user.username": _("用户名"),
        "get_role_display": _("角色"),
        "place": _("地方"),
        "place.code": _("代码"),
    }
    export_filename = "appointments"
    search_fields = ["user__username"]
    search_backend_name = None
    ordering = ["place__path", "role", "user"]

    def get_form_class(self, for_update: bool = False) -> type:
        """Role and place are set once."""
        return TermForm if for_update else AppointmentForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """What was done is told by the audit."""
        return without_history(super().get_urlpatterns())

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No view knows of an address that is not there."""
        return super().get_common_view_kwargs(**ABSENT, **kwargs)


appointment_viewset = AppointmentViewSet()
