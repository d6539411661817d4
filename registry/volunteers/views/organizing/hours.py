"""The hours that an organization recorded, and the objections to them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.acting import refusals_beside
from registry.organizations.models import Organization
from registry.volunteers import actions, halves
from registry.volunteers.backoffice.forms import RulingForm
from registry.volunteers.models import Decision, HourLine
from registry.volunteers.views.organizing.access import crumbs, lines_of, managing

PER_PAGE = 30


@require_safe
@managing
def ledger(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Its lines, the latest first; those objected to alone, where the address says so."""
    disputed = lines_of(organization).disputed()
    only = request.GET.get("state") == "disputed"
    rows = disputed if only else lines_of(organization)
    said = Prefetch("decisions", Decision.objects.order_by("pk"))
    rows = rows.select_related("volunteer", "activity", "reversed_by").prefetch_related(said)
    context = {
        "organization": organization,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "only_disputed": only,
        "disputed": disputed.count(),
        "breadcrumbs": crumbs(organization, (_("时长记录"), "")),
    }
    return render(request, "volunteers/organizing/hours.html", context)


@require_http_methods(["GET", "POST"])
@managing
def line(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Check a line: keep it, or correct it by a reversal and a new line."""
    rows = lines_of(organization).select_related("volunteer", "activity__place", "shift", "recorded_by", "reversed_by")
    found: HourLine = get_object_or_404(rows.prefetch_related("decisions__by"), pk=pk)
    found.activity.organization = organization
    form = RulingForm(request.POST or None, initial={"hours": halves.hours(abs(found.halves))})
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form, {"halves": "hours"}):
            actions.rule_on_hours(
                line=found, halves=form.cleaned_data["hours"], reason=form.cleaned_data["reason"], by=request.user
            )
            messages.success(request, _("已处理。"))
            return redirect("volunteers:organizing_hours", organization.number)
    ledger_address = reverse("volunteers:organizing_hours", args=[organization.number])
    context = {
        "organization": organization,
        "line": found,
        "form": form,
        "stands": found.reverses_id is None and getattr(found, "reversed_by", None) is None,
        "is_own": found.volunteer.user_id == request.user.pk,
        "sign_up": found.shift and found.shift.sign_ups.filter(volunteer=found.volunteer).first(),
        "breadcrumbs": crumbs(organization, (_("时长记录"), ledger_address), (_("核实时长"), "")),
    }
    return render(request, "volunteers/organizing/line.html", context)
