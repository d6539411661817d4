"""The certificates that volunteers ask of the organization that recorded their hours, and that it issues."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.acting import refusals_beside
from registry.organizations.models import Organization
from registry.volunteers import actions, reports
from registry.volunteers.backoffice.forms import RevokeForm, WhyForm
from registry.volunteers.choices import CertificateState
from registry.volunteers.models import Certificate
from registry.volunteers.papers import certificate_response
from registry.volunteers.views.organizing.access import attempt, certificate_of, crumbs, managing
from registry.volunteers.views.organizing.activities import form_page

PER_PAGE = 30


@require_safe
@managing
def certificates(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What was asked for and what came of it, the latest first."""
    rows = organization.volunteer_certificates.select_related("volunteer", "document")
    state = request.GET.get("state", "")
    chosen = state if state in CertificateState.values else ""
    if chosen:
        rows = rows.filter(state=chosen)
    context = {
        "organization": organization,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "states": CertificateState.choices,
        "chosen": chosen,
        "breadcrumbs": crumbs(organization, (_("记录证明"), "")),
    }
    return render(request, "volunteers/organizing/certificates.html", context)


@require_http_methods(["GET", "POST"])
@managing
def certificate(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """A request: what would be certified, and the button that issues it."""
    found = certificate_of(organization, pk)
    if request.method == "POST":
        done = _("已出具，志愿者可以下载。")
        attempt(request, done, lambda: actions.issue_certificate(certificate=found, by=request.user))
        return redirect("volunteers:organizing_certificate", organization.number, pk)
    context = {
        "organization": organization,
        "certificate": found,
        "report": reports.certificate_report(found, handler=str(request.user)),
        "outdated": reports.outdated(found),
        "is_own": found.volunteer.user_id == request.user.pk,
        "breadcrumbs": _trail(organization, (found.volunteer.name, "")),
    }
    return render(request, "volunteers/organizing/certificate.html", context)


@require_safe
@managing
def paper(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """The PDF: as issued, or a preview that says that it is none."""
    response = certificate_response(certificate_of(organization, pk), handler=request.user)
    if response is None:
        raise Http404(_("没有可以证明的时长。"))
    return response


@require_http_methods(["GET", "POST"])
@managing
def refuse(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Refuse a request, and say why."""
    found = certificate_of(organization, pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.refuse_certificate(certificate=found, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("已办理，原因已告诉申请人。"))
            return redirect("volunteers:organizing_certificate", organization.number, pk)
    context = {"help": _("原因会告诉申请人。"), "about": found.volunteer.name}
    trail = _below(organization, found, _("不予出具"))
    return form_page(request, organization, form, _("不予出具"), _("不予出具"), trail, **context)


@require_http_methods(["GET", "POST"])
@managing
def revoke(request: HttpRequest, organization: Organization, pk: int) -> HttpResponse:
    """Declare that what was issued no longer holds."""
    found = certificate_of(organization, pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            actions.revoke_certificate(certificate=found, **form.cleaned_data, by=request.user)
            messages.success(request, _("已撤销，扫码核验会显示已撤销。"))
            return redirect("volunteers:organizing_certificate", organization.number, pk)
    context = {"help": _("撤销不能恢复；类别会公开，原因不公开。"), "about": found.number}
    trail = _below(organization, found, _("撤销证明"))
    return form_page(request, organization, form, _("撤销证明"), _("撤销"), trail, **context)


def _trail(organization: Organization, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    address = reverse("volunteers:organizing_certificates", args=[organization.number])
    return crumbs(organization, (_("记录证明"), address), *steps)


def _below(organization: Organization, found: Certificate, title: str) -> list[tuple[str, str]]:
    address = reverse("volunteers:organizing_certificate", args=[organization.number, found.pk])
    return _trail(organization, (found.volunteer.name, address), (title, ""))
