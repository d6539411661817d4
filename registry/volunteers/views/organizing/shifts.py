"""The shifts of an organization's activities: when and for how many, who comes, the code to check in by, the hours."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acting import refusals_beside
from printing import qr
from registry.organizations.models import Organization
from registry.volunteers import actions, checkin
from registry.volunteers.backoffice.forms import SheetForm, WhyForm
from registry.volunteers.choices import SEATED, CheckInWay, SignUpState
from registry.volunteers.models import Shift, VolunteerRules
from registry.volunteers.organizing import EnrolForm, ShiftForm, as_entered
from registry.volunteers.views.organizing.access import activity_of, attempt, crumbs, managing, shift_of, sign_up_of
from registry.volunteers.views.organizing.activities import below, form_page


@require_http_methods(["GET", "POST"])
@managing
def new(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Add a shift to an activity."""
    activity = activity_of(organization, pk)
    form = ShiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.open_shift(activity=activity, **form.cleaned_data, by=request.user)
            messages.success(request, _("已加一场。"))
            return redirect("volunteers:organizing_activity", organization.number, pk)
    trail = below(organization, activity, _("加一场"))
    return form_page(request, organization, form, _("加一场"), _("加这一场"), trail, about=activity.title)


@require_http_methods(["GET", "POST"])
@managing
def edit(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Change a shift."""
    shift = shift_of(organization, pk)
    form = ShiftForm(request.POST or None, initial=as_entered(shift))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data | {"cut_off": form.cleaned_data["cut_off"] or form.cleaned_data["starts_at"]}
        with refusals_beside(form):
            actions.change_shift(shift=shift, **data, by=request.user)
            messages.success(request, _("已保存。"))
            return redirect("volunteers:organizing_activity", organization.number, shift.activity_id)
    trail = below(organization, shift.activity, _("改场次"))
    return form_page(request, organization, form, _("改场次"), _("保存"), trail, about=str(shift))


@require_http_methods(["GET", "POST"])
@managing
def cancel(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Call a shift off."""
    shift = shift_of(organization, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.cancel_shift(shift=shift, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("已取消，报名的人会收到通知。"))
            return redirect("volunteers:organizing_activity", organization.number, shift.activity_id)
    trail = below(organization, shift.activity, _("取消这一场"))
    context = {"help": _("取消不能恢复。原因会告诉报名的人，也会公开。"), "about": str(shift)}
    return form_page(request, organization, form, _("取消这一场"), _("取消这一场"), trail, **context)


@require_http_methods(["GET", "POST"])
@managing
def sheet(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """The attendance sheet: who is there while it goes on, the hours of all at once when it is over."""
    shift = shift_of(organization, pk)
    recorded = shift.hour_lines.standing().values("volunteer")
    seated = shift.sign_ups.filter(state__in=SEATED).select_related("volunteer").order_by("seat")
    sign_ups = seated.exclude(volunteer__in=recorded)
    form = SheetForm(request.POST if request.method == "POST" else None, shift=shift, sign_ups=sign_ups)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.record_shift(shift=shift, halves=form.halves(), by=request.user)
            messages.success(request, _("时长已记录，请志愿者本人核对确认。"))
            return redirect("volunteers:organizing_sheet", organization.number, pk)
    return _sheet_page(request, organization, shift, form)


def _sheet_page(request: HttpRequest, organization: Organization, shift: Shift, form: SheetForm) -> HttpResponse:
    lines = shift.hour_lines.standing().select_related("volunteer").order_by("volunteer__name", "pk")
    stands = shift.cancelled_at is None
    context = {
        "organization": organization,
        "shift": shift,
        "form": form,
        "lines": lines.prefetch_related("decisions"),
        "waiting": shift.sign_ups.queue().select_related("volunteer"),
        "can_check_in": stands and checkin.is_open(shift),
        "may_enrol": stands and shift.activity.is_public,
        "breadcrumbs": below(organization, shift.activity, _("签到与时长")),
    }
    return render(request, "volunteers/organizing/sheet.html", context)


@require_POST
@managing
def check_in(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Note that somebody is there."""
    sign_up = sign_up_of(organization, pk)
    done = _("%(name)s 已到场。") % {"name": sign_up.volunteer.name}
    attempt(request, done, lambda: actions.check_in(sign_up=sign_up, way=CheckInWay.LIST, by=request.user))
    return redirect("volunteers:organizing_sheet", organization.number, sign_up.shift_id)


@require_http_methods(["GET", "POST"])
@managing
def enrol(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Put somebody on the sheet who came without having signed up, or who asks for it after the cut-off."""
    shift = shift_of(organization, pk)
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            made = actions.enrol(shift=shift, **form.cleaned_data, by=request.user)
            messages.success(request, _("%(name)s 已加入名单。") % {"name": made.volunteer.name})
            return redirect("volunteers:organizing_sheet", organization.number, pk)
    address = reverse("volunteers:organizing_sheet", args=[organization.number, pk])
    trail = crumbs(organization, (str(shift), address), (_("加一个人"), ""))
    context = {"help": _("要是登记过的志愿者；姓名和登记的电话都对上才能加。"), "about": str(shift)}
    return form_page(request, organization, form, _("加一个人"), _("加入名单"), trail, **context)


@require_safe
@managing
def check_in_code(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """The QR code to check in by, for the organizer's screen: a new one each time the page is loaded."""
    shift = shift_of(organization, pk)
    rules = VolunteerRules.of(shift.activity.place)
    address = reverse("volunteers:check_in", args=[checkin.token_for(shift)])
    context: dict[str, Any] = {
        "organization": organization,
        "shift": shift,
        "qr": qr.data_uri(request.build_absolute_uri(address)),
        "minutes": rules.check_in_minutes,
        "opens": rules.check_in_opens,
        "refresh_seconds": max(30, rules.check_in_minutes * 60 // 2),
        "can_check_in": shift.cancelled_at is None and checkin.is_open(shift),
        "is_early": timezone.now() < shift.starts_at,
        "came": shift.sign_ups.filter(state=SignUpState.ATTENDED).count(),
        "seated": shift.sign_ups.seated().count(),
        "breadcrumbs": below(organization, shift.activity, _("签到二维码")),
    }
    return render(request, "volunteers/organizing/qr.html", context)
