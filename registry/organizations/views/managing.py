"""What managers do for their organization: services, annual reports, renewal, other managers."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acting import refusals_beside
from registry.organizations import actions
from registry.organizations.choices import OPEN, Status
from registry.organizations.desk_entries import entries_for
from registry.organizations.forms import AnnualReportForm, ManagerForm, ServiceForm
from registry.organizations.models import AnnualReport, Filing, Manager, Organization, Service
from registry.organizations.models.rules import settings_for
from registry.organizations.views.access import organization_of, own


@require_safe
@own
def mine(request: HttpRequest) -> HttpResponse:
    """The organizations that somebody acts for, and their filings."""
    organizations = Organization.objects.managed_by(request.user).select_related("place", "kind")
    filings = Filing.objects.of(request.user).select_related("place", "organization")
    context = {
        "organizations": organizations,
        "open_filings": [filing for filing in filings if filing.state in OPEN],
        "closed_filings": [filing for filing in filings if filing.state not in OPEN],
        "breadcrumbs": [(_("社会组织"), reverse("organizations:directory")), (_("我的组织和申请"), "")],
    }
    return render(request, "organizations/mine.html", context)


@require_safe
@own
def desk(request: HttpRequest, number: str) -> HttpResponse:
    """All that a manager can do for an organization."""
    organization = organization_of(request.user, number)
    settings = settings_for(organization.place)
    services = organization.services.all()
    context = {
        "organization": organization,
        "services": [(one, not one.withdrawn and one.is_stale(settings.stale_service_days)) for one in services],
        "managers": organization.managers.select_related("user"),
        "years": _years(organization),
        "entries": entries_for(organization),
        "open_filing": organization.filings.filter(state__in=OPEN).first(),
        "renewable_from": organization.renewable_from(settings.renewal_window_days),
        "renewable": organization.status != Status.DEREGISTERED
        and timezone.localdate() >= organization.renewable_from(settings.renewal_window_days),
        "breadcrumbs": _crumbs(organization.name),
    }
    return render(request, "organizations/desk.html", context)


def _crumbs(*titles: str, number: str = "") -> list[tuple[str, str]]:
    crumbs = [
        (_("社会组织"), reverse("organizations:directory")),
        (_("我的组织和申请"), reverse("organizations:mine")),
    ]
    addresses = [reverse("organizations:desk", args=[number]) if number else "", ""]
    return crumbs + list(zip(titles, addresses, strict=False))


def _years(organization: Organization) -> list[tuple[int, AnnualReport | None]]:
    """The years to report on, the latest first, each with its report."""
    filed = {report.year: report for report in organization.annual_reports.all()}
    last = timezone.localdate().year
    return [(year, filed.get(year)) for year in range(last, organization.registered_on.year - 1, -1)]


@require_POST
@own
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a renewal with what was entered before."""
    organization = organization_of(request.user, number)
    try:
        filing = actions.start_renewal(organization=organization, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        return redirect("organizations:desk", number=number)
    messages.success(request, _("上次填的内容都在这里，有变化的地方改一改，然后提交。"))
    return redirect("organizations:review", pk=filing.pk)


@require_http_methods(["GET", "POST"])
@own
def service(request: HttpRequest, number: str, pk: int | None = None) -> HttpResponse:
    """Add or change a service."""
    organization = organization_of(request.user, number)
    found = get_object_or_404(organization.services, pk=pk) if pk else Service(organization=organization)
    form = ServiceForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.save_service(service=form.instance, by=request.user)
            messages.success(request, _("服务已保存，公开页面上可以看到。"))
            return redirect("organizations:desk", number=number)
    title = _("修改服务") if pk else _("添加服务")
    context = {
        "organization": organization,
        "form": form,
        "title": title,
        "breadcrumbs": _crumbs(organization.name, title, number=number),
    }
    return render(request, "organizations/form.html", context)


@require_POST
@own
def service_verb(request: HttpRequest, number: str, pk: int, verb: str) -> HttpResponse:
    """Confirm that a service is still as written, or stop it."""
    found = get_object_or_404(organization_of(request.user, number).services, pk=pk)
    if verb == "confirm":
        actions.confirm_service(service=found, by=request.user)
        messages.success(request, _("已核实：信息仍然准确。"))
    else:
        actions.withdraw_service(service=found, by=request.user)
        messages.success(request, _("服务已停止，公开页面上不再显示。"))
    return redirect("organizations:desk", number=number)


@require_http_methods(["GET", "POST"])
@own
def annual_report(request: HttpRequest, number: str, year: int) -> HttpResponse:
    """Report on a year; what is known already is filled in."""
    organization = organization_of(request.user, number)
    if not organization.registered_on.year <= year <= timezone.localdate().year:
        raise Http404(_("这一年度不用报送。"))
    kept = organization.annual_reports.filter(year=year).first()
    report = kept or AnnualReport(organization=organization, year=year)
    initial = {} if kept else _known(organization, year)
    form = AnnualReportForm(request.POST or None, instance=report, initial=initial)
    if kept is not None and kept.confirmed_at:
        for field in form.fields.values():
            field.disabled = True
    elif request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.file_annual_report(report=form.instance, by=request.user)
            messages.success(request, _("年度报告已报送；官方确认前还可以修改。"))
            return redirect("organizations:desk", number=number)
    title = _("%(year)s 年度报告") % {"year": year}
    context = {
        "organization": organization,
        "form": form,
        "report": kept,
        "title": title,
        "breadcrumbs": _crumbs(organization.name, title, number=number),
    }
    return render(request, "organizations/form.html", context)


def _known(organization: Organization, year: int) -> dict[str, Any]:
    """What the register knows of the year: its members, what was left the year before, what it offered and did."""
    before = organization.annual_reports.filter(year=year - 1).first()
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    lines = [f"{service.name}：{service.description}" for service in organization.services.filter(withdrawn=False)]
    lines += [
        _("承接政府购买服务“%(title)s”（%(purchaser)s）。") % {"title": contract.title, "purchaser": contract.purchaser}
        for contract in organization.contracts.filter(starts_on__lte=last, ends_on__gte=first)
    ]
    return {
        "members": organization.filing.members.count(),
        "opening_balance": before.closing_balance if before else None,
        "work": "\n".join(lines),
        "plans": "",
    }


@require_http_methods(["GET", "POST"])
@own
def managers(request: HttpRequest, number: str) -> HttpResponse:
    """Let somebody else act for the organization too."""
    organization = organization_of(request.user, number)
    form = ManagerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        actions.add_manager(organization=organization, user=form.user, by=request.user)
        messages.success(request, _("已加为管理员。"))
        return redirect("organizations:desk", number=number)
    context = {
        "organization": organization,
        "form": form,
        "title": _("添加管理员"),
        "breadcrumbs": _crumbs(organization.name, _("添加管理员"), number=number),
    }
    return render(request, "organizations/form.html", context)


@require_POST
@own
def remove_manager(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Let a manager act no longer."""
    organization = organization_of(request.user, number)
    manager: Manager = get_object_or_404(organization.managers, pk=pk)
    try:
        actions.remove_manager(manager=manager, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        return redirect("organizations:desk", number=number)
    if manager.user_id == request.user.pk:
        return redirect("organizations:mine")
    return redirect("organizations:desk", number=number)
