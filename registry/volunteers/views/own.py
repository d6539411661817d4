"""What a volunteer does: signs up and withdraws, confirms hours or objects, asks for certificates."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acting import refusals_beside
from printing import responses
from registry.volunteers import actions, reports
from registry.volunteers.choices import SignUpState
from registry.volunteers.forms import CertificateForm, ObjectionForm
from registry.volunteers.models import Decision, HourLine, Shift, SignUp, Volunteer
from registry.volunteers.views.access import next_of, own

LINES_PER_PAGE = 20


@require_POST
@own
def sign_up(request: HttpRequest, volunteer: Volunteer, pk: int) -> HttpResponse:
    """Take a slot of a shift, or a place in its queue."""
    shift = get_object_or_404(Shift.objects.exclude(activity__published_at=None), pk=pk)
    try:
        made = actions.sign_up(shift=shift, volunteer=volunteer, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        waiting = made.state == SignUpState.WAITING
        messages.success(request, _("名额满了，已排进候补；有人退出会按先后递补。") if waiting else _("报名成功。"))
    return redirect("volunteers:activity", pk=shift.activity_id)


@require_POST
@own
def withdraw(request: HttpRequest, volunteer: Volunteer, pk: int) -> HttpResponse:
    """Give a slot back."""
    found = get_object_or_404(volunteer.sign_ups.select_related("shift"), pk=pk)
    try:
        actions.withdraw(sign_up=found, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, _("已退出。"))
    return redirect(next_of(request) or reverse("volunteers:own"))


@require_safe
@own
def mine(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """One's shifts to come, hours and certificates."""
    active = (SignUpState.SIGNED, SignUpState.WAITING, SignUpState.ATTENDED)
    shifts = SignUp.objects.filter(volunteer=volunteer, state__in=active, shift__ends_at__gt=timezone.now())
    said = Prefetch("decisions", Decision.objects.order_by("pk"))
    lines = volunteer.hour_lines.select_related("activity__organization", "activity__place", "reversed_by", "reverses")
    page = Paginator(lines.prefetch_related(said), LINES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "volunteer": volunteer,
        "totals": reports.totals_of(volunteer),
        "sign_ups": shifts.select_related("shift__activity__place").order_by("shift__starts_at"),
        "page": page,
        "unanswered": volunteer.hour_lines.unanswered().count(),
        "teams": volunteer.teams.filter(memberships__left_on=None, memberships__volunteer=volunteer).distinct(),
        "certificates": volunteer.certificates.select_related("document", "organization", "place"),
        "breadcrumbs": [(_("志愿服务"), reverse("volunteers:activities")), (_("我的志愿服务"), "")],
    }
    return render(request, "volunteers/own.html", context)


@require_POST
@own
def confirm(request: HttpRequest, volunteer: Volunteer, pk: int) -> HttpResponse:
    """Say that a line is right."""
    line = get_object_or_404(volunteer.hour_lines, pk=pk)
    try:
        actions.confirm_hours(line=line, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, _("已确认。"))
    return redirect("volunteers:own")


@require_POST
@own
def confirm_all(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """Say that all lines are right to which nothing was said."""
    confirmed = 0
    for line in list(volunteer.hour_lines.unanswered()):
        # One may be answered in another window, or corrected, by now: it stays as it is.
        with suppress(ValidationError):
            actions.confirm_hours(line=line, by=request.user)
            confirmed += 1
    messages.success(request, _("已确认 %(count)d 条。") % {"count": confirmed})
    return redirect("volunteers:own")


@require_http_methods(["GET", "POST"])
@own
def object_to(request: HttpRequest, volunteer: Volunteer, pk: int) -> HttpResponse:
    """Say that a line is wrong, and what is."""
    lines: Any = volunteer.hour_lines.standing().select_related("activity")
    line: HourLine = get_object_or_404(lines, pk=pk)
    form = ObjectionForm(request.POST if request.method == "POST" else None, line=line)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.object_to_hours(line=line, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("异议已提交，组织方核实后会更正或答复。"))
            return redirect("volunteers:own")
    crumbs = [(_("我的志愿服务"), reverse("volunteers:own")), (_("对时长提出异议"), "")]
    return render(request, "volunteers/objection.html", {"form": form, "line": line, "breadcrumbs": crumbs})


@require_POST
@own
def retract(request: HttpRequest, volunteer: Volunteer, pk: int) -> HttpResponse:
    """Take an objection back."""
    line = get_object_or_404(volunteer.hour_lines, pk=pk)
    try:
        actions.retract_objection(line=line, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    return redirect("volunteers:own")


@require_http_methods(["GET", "POST"])
@own
def request_certificate(request: HttpRequest, volunteer: Volunteer) -> HttpResponse:
    """Ask for a certificate."""
    issuers = reports.issuers(volunteer)
    form = CertificateForm(request.POST if request.method == "POST" else None, issuers=issuers)
    if request.method == "POST" and form.is_valid():
        chosen, data = form.chosen, form.cleaned_data
        with refusals_beside(form):
            actions.request_certificate(
                volunteer=volunteer,
                place=chosen.place,
                organization=chosen.organization,
                since=data["since"],
                until=data["until"],
                by=request.user,
            )
            messages.success(request, _("已申请。出具后可在这里下载，不收任何费用。"))
            return redirect("volunteers:own")
    crumbs = [(_("我的志愿服务"), reverse("volunteers:own")), (_("申请志愿服务记录证明"), "")]
    context = {"form": form, "issuers": issuers, "breadcrumbs": crumbs}
    return render(request, "volunteers/certificate_request.html", context)


@require_safe
@own
def certificate(request: HttpRequest, volunteer: Volunteer, pk: int) -> HttpResponse:
    """The paper as it was issued; one that was revoked is no longer handed out."""
    found = get_object_or_404(volunteer.certificates.select_related("document"), pk=pk)
    if found.document is None or not found.holds:
        raise Http404(_("没有可以下载的证明。"))
    return responses.pdf_response(found.document)
