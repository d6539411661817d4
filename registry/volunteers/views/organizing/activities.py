"""An organization's activities: the list with what waits to be done, drafting, copying, publishing, calling off."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acting import refusals_beside
from registry.organizations.models import Organization
from registry.volunteers import actions
from registry.volunteers.backoffice.forms import WhyForm
from registry.volunteers.choices import ActivityState, CertificateState
from registry.volunteers.models import Activity, Shift, SignUp
from registry.volunteers.organizing import ActivityForm, copied
from registry.volunteers.views.organizing.access import activity_of, attempt, crumbs, lines_of, managing

PER_PAGE = 20
WAITING_SHOWN = 10


@require_safe
@managing
def activities(request: HttpRequest, organization: Organization) -> HttpResponse:
    """All activities, under what waits for the organization."""
    ahead = Q(shifts__ends_at__gt=timezone.now(), shifts__cancelled_at=None)
    rows = organization.volunteer_activities.select_related("place")
    rows = rows.annotate(next_start=Min("shifts__starts_at", filter=ahead), shift_count=Count("shifts")).order_by(
        "-created_at", "-pk"
    )
    state = request.GET.get("state", "")
    chosen = state if state in ActivityState.values else ""
    if chosen:
        rows = rows.filter(state=chosen)
    unrecorded = SignUp.objects.filter(shift__activity__organization=organization).unrecorded().values("shift")
    over = Shift.objects.filter(pk__in=unrecorded).select_related("activity").order_by("starts_at", "pk")
    context = {
        "organization": organization,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "states": ActivityState.choices,
        "chosen": chosen,
        "unrecorded": over[:WAITING_SHOWN],
        "disputed": lines_of(organization).disputed().count(),
        "requested": organization.volunteer_certificates.filter(state=CertificateState.REQUESTED).count(),
        "breadcrumbs": crumbs(organization),
    }
    return render(request, "volunteers/organizing/activities.html", context)


@require_http_methods(["GET", "POST"])
@managing
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Draft an activity, from nothing or from another one."""
    source = request.GET.get("copy", "")
    initial = copied(activity_of(organization, int(source))) if source.isdecimal() and len(source) < 10 else {}
    form = ActivityForm(request.POST or None, organization=organization, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            made = actions.create_activity(**form.cleaned_data, organization=organization, by=request.user)
            messages.success(request, _("草稿已保存。请安排场次，然后发布。"))
            return redirect("volunteers:organizing_activity", organization.number, made.pk)
    title = _("照着办一次") if initial else _("新的活动")
    return form_page(request, organization, form, title, _("保存草稿"), crumbs(organization, (title, "")))


@require_safe
@managing
def activity(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """An activity with its shifts."""
    found = activity_of(organization, pk)
    shifts = list(found.shifts.counted().order_by("-starts_at", "-pk"))
    for shift in shifts:
        shift.activity = found
    context = {
        "organization": organization,
        "activity": found,
        "shifts": shifts,
        "breadcrumbs": crumbs(organization, (found.title, "")),
    }
    return render(request, "volunteers/organizing/activity.html", context)


@require_http_methods(["GET", "POST"])
@managing
def edit(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Change an activity."""
    found = activity_of(organization, pk)
    form = ActivityForm(request.POST or None, organization=organization, instance=found)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.change_activity(activity=found, **form.cleaned_data, by=request.user)
            messages.success(request, _("已保存。"))
            return redirect("volunteers:organizing_activity", organization.number, pk)
    return form_page(request, organization, form, _("修改活动"), _("保存"), below(organization, found, _("修改")))


@require_POST
@managing
def publish(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Show an activity to residents."""
    found = activity_of(organization, pk)
    done = _("已发布，居民现在可以报名。")
    attempt(request, done, lambda: actions.publish_activity(activity=found, by=request.user))
    return redirect("volunteers:organizing_activity", organization.number, pk)


@require_http_methods(["GET", "POST"])
@managing
def cancel(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Call an activity off."""
    found = activity_of(organization, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.cancel_activity(activity=found, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("已取消，报名的人会收到通知。"))
            return redirect("volunteers:organizing_activity", organization.number, pk)
    context = {"help": _("还没有开始的场次一并取消，不能恢复。原因会告诉报名的人，也会公开。"), "about": found.title}
    trail = below(organization, found, _("取消"))
    return form_page(request, organization, form, _("取消活动"), _("取消活动"), trail, **context)


def below(organization: Organization, found: Activity, title: str) -> list[tuple[str, str]]:
    """The way to a page about an activity."""
    address = reverse("volunteers:organizing_activity", args=[organization.number, found.pk])
    return crumbs(organization, (found.title, address), (title, ""))


def form_page(
    request: HttpRequest,
    organization: Organization,
    form: Any,
    title: str,
    submit: str,
    breadcrumbs: list[tuple[str, str]],
    **context: Any,
) -> HttpResponse:
    """A form on a page of its own; the way back is the page before it."""
    back = next(address for _title, address in reversed(breadcrumbs) if address)
    context |= {
        "organization": organization,
        "form": form,
        "title": title,
        "submit": submit,
        "back": back,
        "breadcrumbs": breadcrumbs,
    }
    return render(request, "volunteers/organizing/form.html", context)
