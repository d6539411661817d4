"""Activities and their shifts: drafting, publishing, the attendance sheet, the QR code to check in by."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from accounts.acting import ActionMixin, RowView, StepView
from accounts.viewsets import ScopedModelViewSet
from printing import qr
from registry.volunteers import actions, checkin
from registry.volunteers.backoffice.forms import ActivityForm, SheetForm, ShiftForm, WhyForm
from registry.volunteers.choices import SEATED, CheckInWay, SignUpState
from registry.volunteers.models import Activity, Shift, SignUp, VolunteerRules


class ActivityIndexView(generic.IndexView):
    """Activities, each with who organizes it."""

    def get_base_queryset(self) -> Any:
        """With what the columns show."""
        return super().get_base_queryset().select_related("place", "organization")


class ActivityCreateView(ActionMixin, generic.CreateView):
    """Drafts an activity; its shifts come next."""

    def act(self, data: dict[str, Any]) -> Activity:
        """Draft."""
        return actions.create_activity(**data, by=self.request.user)

    def get_success_url(self) -> str:
        """Where shifts are added."""
        return reverse("volunteers_activity_desk", args=[self.object.pk])


class ActivityEditView(ActionMixin, generic.EditView):
    """Changes an activity."""

    def act(self, data: dict[str, Any]) -> Activity:
        """Change."""
        return actions.change_activity(activity=self.object, **data, by=self.request.user)

    def get_success_url(self) -> str:
        """Its desk."""
        return reverse("volunteers_activity_desk", args=[self.object.pk])


class ActivityViewSet(ScopedModelViewSet):
    """Activities."""

    model = Activity
    icon = "calendar-alt"
    menu_label = _("活动和场次")
    menu_order = 300
    index_view_class = ActivityIndexView
    add_view_class = ActivityCreateView
    edit_view_class = ActivityEditView
    list_display = [
        TitleColumn("title", label=_("名称"), url_name="volunteers_activity_desk", sort_key="title"),
        Column("get_field_display", label=_("类别"), sort_key="field"),
        Column("organizer", label=_("主办")),
        Column("place", label=_("地方"), sort_key="place__path"),
        Column("get_state_display", label=_("状态"), sort_key="state"),
        Column(
            "created_at",
            label=_("录入"),
            accessor=lambda one: timezone.localdate(one.created_at),
            sort_key="created_at",
        ),
    ]
    list_filter = ["state", "field", "kind", "place", "organization"]
    list_export = [
        "title",
        "get_field_display",
        "get_kind_display",
        "organizer",
        "place",
        "get_state_display",
        "created_at",
    ]
    export_headings = {
        "get_field_display": _("类别"),
        "get_kind_display": _("计入"),
        "organizer": _("主办"),
        "get_state_display": _("状态"),
    }
    export_filename = "volunteer-activities"
    search_fields = ["title", "about"]
    ordering = ["-created_at"]
    form_class = ActivityForm


class ActivityDeskView(RowView):
    """An activity with all its shifts; publishes it."""

    model = Activity
    readable = True
    form_class = Form
    template_name = "volunteers/admin/activity.html"
    page_title = _("活动")
    listing = "volunteers_activities:index"
    header_icon = "calendar-alt"
    success_message = _("已发布，居民现在可以报名。")

    def act(self, data: dict[str, Any]) -> Activity:
        """Publish."""
        return actions.publish_activity(activity=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        """The same page."""
        return reverse("volunteers_activity_desk", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The shifts, the latest first."""
        shifts = self.object.shifts.counted().order_by("-starts_at", "-pk")
        for shift in shifts:
            shift.activity = self.object
        return super().get_context_data(**kwargs) | {"activity": self.object, "shifts": shifts}


class ActivityCancelView(RowView):
    """Calls an activity off."""

    model = Activity
    form_class = WhyForm
    template_name = "volunteers/admin/form.html"
    page_title = _("取消活动")
    listing = "volunteers_activities:index"
    header_icon = "cross"
    success_message = _("已取消，报名的人会收到通知。")
    extra_context = {"help": _("还没有开始的场次一并取消，不能恢复。"), "submit": _("取消活动")}

    def act(self, data: dict[str, Any]) -> Activity:
        """Call off."""
        return actions.cancel_activity(activity=self.object, why=data["why"], by=self.request.user)

    def get_success_url(self) -> str:
        """The activity."""
        return reverse("volunteers_activity_desk", args=[self.object.pk])


class ShiftCreateView(RowView):
    """Adds a shift to an activity."""

    model = Activity
    form_class = ShiftForm
    template_name = "volunteers/admin/form.html"
    page_title = _("加一场")
    listing = "volunteers_activities:index"
    header_icon = "plus"
    success_message = _("已加一场。")
    extra_context = {"submit": _("加这一场")}

    def act(self, data: dict[str, Any]) -> Shift:
        """Add."""
        return actions.open_shift(activity=self.object, **data, by=self.request.user)

    def get_success_url(self) -> str:
        """The activity."""
        return reverse("volunteers_activity_desk", args=[self.object.pk])


class _ShiftView(RowView):
    """A page about a shift."""

    model = Shift
    listing = "volunteers_activities:index"

    def get_queryset(self) -> Any:
        """With its activity."""
        return Shift.objects.select_related("activity__place", "activity__organization")

    def get_success_url(self) -> str:
        """The activity."""
        return reverse("volunteers_activity_desk", args=[self.object.activity_id])


class ShiftEditView(_ShiftView):
    """Changes a shift."""

    form_class = ShiftForm
    template_name = "volunteers/admin/form.html"
    page_title = _("改场次")
    header_icon = "edit"
    success_message = _("已保存。")
    extra_context = {"submit": _("保存")}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("starts_at", "ends_at", "cut_off", "slots")}

    def act(self, data: dict[str, Any]) -> Shift:
        """Change."""
        data = data | {"cut_off": data["cut_off"] or data["starts_at"]}
        return actions.change_shift(shift=self.object, **data, by=self.request.user)


class ShiftCancelView(_ShiftView):
    """Calls a shift off."""

    form_class = WhyForm
    template_name = "volunteers/admin/form.html"
    page_title = _("取消这一场")
    header_icon = "cross"
    success_message = _("已取消，报名的人会收到通知。")
    extra_context = {"submit": _("取消这一场")}

    def act(self, data: dict[str, Any]) -> Shift:
        """Call off."""
        return actions.cancel_shift(shift=self.object, why=data["why"], by=self.request.user)


class SheetView(_ShiftView):
    """The attendance sheet: who is there while it goes on, the hours of all at once when it is over."""

    readable = True
    template_name = "volunteers/admin/sheet.html"
    page_title = _("签到与时长")
    header_icon = "list-ul"
    success_message = _("时长已记录，请志愿者本人核对确认。")

    def get_form(self, form_class: Any = None) -> SheetForm:
        """A row for each who has a slot and no hours yet."""
        recorded = self.object.hour_lines.standing().values("volunteer")
        seated = self.object.sign_ups.filter(state__in=SEATED).select_related("volunteer").order_by("seat")
        data = self.request.POST if self.request.method == "POST" else None
        return SheetForm(data, shift=self.object, sign_ups=seated.exclude(volunteer__in=recorded))

    def act(self, data: dict[str, Any]) -> Any:
        """Record all."""
        form = self.get_form()
        form.is_valid()
        return actions.record_shift(shift=self.object, halves=form.halves(), by=self.request.user)

    def get_success_url(self) -> str:
        """The same page."""
        return reverse("volunteers_sheet", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those whose hours are recorded, and those who wait."""
        lines = self.object.hour_lines.standing().select_related("volunteer").order_by("volunteer__name", "pk")
        waiting = self.object.sign_ups.queue().select_related("volunteer")
        return super().get_context_data(**kwargs) | {
            "shift": self.object,
            "lines": lines.prefetch_related("decisions"),
            "waiting": waiting,
            "can_check_in": checkin.is_open(self.object) and self.object.cancelled_at is None,
        }


class CheckInByListView(StepView):
    """The organizer notes that somebody is there."""

    model = SignUp

    def act(self, data: dict[str, Any]) -> SignUp:
        """Check in."""
        if self.object.state not in (SignUpState.SIGNED, SignUpState.ATTENDED):
            raise ValidationError(_("没有这一场的报名，不能签到。"))
        return actions.check_in(sign_up=self.object, way=CheckInWay.LIST, by=self.request.user)

    def get_success_url(self) -> str:
        """The sheet."""
        return reverse("volunteers_sheet", args=[self.object.shift_id])


class QrView(_ShiftView):
    """The QR code to check in by, for the organizer's screen: a new one each time the page is loaded."""

    form_class = Form
    http_method_names = ["get"]
    template_name = "volunteers/admin/qr.html"
    page_title = _("签到二维码")
    header_icon = "mobile-alt"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The code of a fresh token; the page loads itself again before that runs out."""
        address = reverse("volunteers:check_in", args=[checkin.token_for(self.object)])
        rules = VolunteerRules.of(self.object.activity.place)
        return super().get_context_data(**kwargs) | {
            "shift": self.object,
            "qr": qr.data_uri(self.request.build_absolute_uri(address)),
            "minutes": rules.check_in_minutes,
            "opens": rules.check_in_opens,
            "refresh_seconds": max(30, rules.check_in_minutes * 60 // 2),
            "can_check_in": checkin.is_open(self.object),
            "came": self.object.sign_ups.filter(state=SignUpState.ATTENDED).count(),
            "seated": self.object.sign_ups.seated().count(),
        }
