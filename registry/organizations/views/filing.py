"""Filing step by step: begin, fill in, look over, submit."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import files
from accounts.acting import add_errors
from registry.organizations import actions, importers, snapshots, steps
from registry.organizations.forms import BasicsForm, FileForm, Founders, HeadForm, MembersForm, PremisesForm
from registry.organizations.models import CountySettings, Filing, FilingFile, Founder, Member
from registry.organizations.models.rules import settings_for
from registry.organizations.views.access import filing_of, own
from registry.places.models import Kind
from search.ratelimit import limited

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _counties() -> "QuerySet[CountySettings]":
    return CountySettings.objects.select_related("county").order_by("county__code")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What is needed, how long it takes, and where to begin."""
    counties = list(_counties())
    context = {
        "counties": counties,
        "county": counties[0] if len(counties) == 1 else None,
        "steps": steps.STEPS,
        "breadcrumbs": [(_("社会组织"), reverse("organizations:directory")), (_("备案"), "")],
    }
    return render(request, "organizations/start.html", context)


@require_http_methods(["GET", "POST"])
@limited("form", methods=("POST",))
@own
def new(request: HttpRequest, county: str) -> HttpResponse:
    """The first step of a new filing: with it the draft begins."""
    settings = get_object_or_404(_counties(), county__code=county)
    filing = Filing()
    form = BasicsForm(request.POST or None, instance=filing, county=settings.county)
    if request.method == "POST" and form.is_valid():
        filing = actions.start_filing(values=form.values(), by=request.user)
        return redirect(steps.url_of(filing, steps.after("basics")))
    context = {
        "form": form,
        "step": steps.BY_SLUG["basics"],
        "progress": steps.progress(Filing(), current="basics"),
        "title": _("申请备案"),
        "breadcrumbs": _crumbs(_("申请备案")),
    }
    return render(request, "organizations/step.html", context)


@require_http_methods(["GET", "POST"])
@own
def step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A step of a filing: what stands there, and what the reviewer asked to be put right."""
    filing = filing_of(request.user, pk)
    if slug not in steps.BY_SLUG:
        raise Http404(_("没有这一步。"))
    if not filing.is_editable:
        return redirect(filing)
    form = _form(request, filing, slug)
    if request.method == "POST" and form.is_valid() and _kept(request, filing, slug, form):
        if slug == "files":
            messages.success(request, _("文件已上传。"))
            return redirect(steps.url_of(filing, "files"))
        if "more" in request.POST:
            return redirect(steps.url_of(filing, slug))
        following = steps.after(slug)
        return redirect(
            steps.url_of(filing, following) if following else reverse("organizations:review", args=[filing.pk])
        )
    return render(request, f"organizations/{_TEMPLATES.get(slug, 'step')}.html", _context(filing, slug, form))


_TEMPLATES = {"founders": "step_founders", "members": "step_members", "files": "step_files"}


def _form(request: HttpRequest, filing: Filing, slug: str) -> Any:
    data = request.POST if request.method == "POST" else None
    if slug == "basics":
        county = filing.place.above(Kind.COUNTY)
        return BasicsForm(data, instance=filing, county=county or filing.place)
    if slug == "founders":
        return _founders(data, filing)
    if slug == "members":
        return MembersForm(data, request.FILES or None, initial={"text": importers.as_lines(filing.members.all())})
    if slug == "files":
        return FileForm(data, request.FILES or None)
    return {"head": HeadForm, "premises": PremisesForm}[slug](data, instance=filing)


def _founders(data: Any, filing: Filing) -> Any:
    if data is not None:
        return Founders(data)
    rows = [{"name": f.name, "phone": f.phone, "duty": f.duty} for f in filing.founders.all()]
    least = settings_for(filing.place).min_founders
    formset = Founders(initial=rows)
    formset.extra = max(1, least - len(rows))
    return formset


def _kept(request: HttpRequest, filing: Filing, slug: str, form: Any) -> bool:
    """Keep what was entered; what the action refuses stands beside the form."""
    try:
        if slug == "founders":
            actions.set_people(filing=filing, model=Founder, people=form.people(), by=request.user)
        elif slug == "members":
            people = form.cleaned_data["people"]
            actions.set_people(filing=filing, model=Member, people=people, by=request.user)
        elif slug == "files":
            upload = form.cleaned_data["file"]
            actions.add_file(filing=filing, kind=form.cleaned_data["kind"], upload=upload, by=request.user)
        else:
            actions.save_draft_step(filing=filing, values=form.values(), by=request.user)
    except ValidationError as error:
        if slug == "founders":
            messages.error(request, "".join(error.messages))
        else:
            add_errors(form, error)
        return False
    return True


def _context(filing: Filing, slug: str, form: Any) -> dict[str, Any]:
    at = [one.slug for one in steps.STEPS].index(slug)
    reasons = steps.reasons_for(filing)
    return {
        "filing": filing,
        "form": form,
        "step": steps.STEPS[at],
        "number": at + 1,
        "count": len(steps.STEPS),
        "previous": steps.url_of(filing, steps.STEPS[at - 1].slug) if at else "",
        "progress": steps.progress(filing, current=slug),
        "reasons": {name: reasons[name] for name in steps.STEPS[at].asks if name in reasons},
        "settings": settings_for(filing.place),
        "title": filing.name,
        "breadcrumbs": _crumbs(filing.name),
    }


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [
        (_("社会组织"), reverse("organizations:directory")),
        (_("我的组织和申请"), reverse("organizations:mine")),
        (title, ""),
    ]


@require_safe
@own
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """A filing: how far it has come, what was decided, what it says."""
    found = filing_of(request.user, pk)
    context = {
        "filing": found,
        "progress": steps.progress(found) if found.is_editable else [],
        "decisions": [
            (decision, [(snapshots.label_of(name), reason) for name, reason in decision.reasons.items()])
            for decision in found.decisions.order_by("-pk")
        ],
        "content": snapshots.content_of(found),
        "breadcrumbs": _crumbs(found.name),
    }
    return render(request, "organizations/filing.html", context | _content(found))


def _content(filing: Filing) -> dict[str, Any]:
    content = snapshots.content_of(filing)
    return {"lines": snapshots.compare(content), "groups": snapshots.compare_lists(content)}


@require_http_methods(["GET", "POST"])
@limited("form", methods=("POST",))
@own
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole of a draft to look over, with what is missing; from here it is submitted."""
    found = filing_of(request.user, pk)
    if not found.is_editable:
        return redirect(found)
    if request.method == "POST":
        try:
            actions.submit(filing=found, by=request.user)
        except ValidationError as error:
            messages.error(request, _("还不能提交：%(reasons)s") % {"reasons": "".join(error.messages)})
            return redirect("organizations:review", pk=found.pk)
        messages.success(request, _("已提交。有了结果会发邮件告诉您。"))
        return redirect(found)
    progress = steps.progress(found)
    context = {
        "filing": found,
        "progress": progress,
        "ready": all(one.done for one in progress),
        "settings": settings_for(found.place),
        "breadcrumbs": _crumbs(found.name),
    }
    return render(request, "organizations/review.html", context | _content(found))


@require_POST
@own
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    found = filing_of(request.user, pk)
    try:
        actions.discard_draft(filing=found, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        return redirect(found)
    messages.success(request, _("草稿已删除。"))
    return redirect("organizations:mine")


@require_safe
@own
def download(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A file of one's own filing."""
    found: FilingFile = get_object_or_404(filing_of(request.user, pk).files, pk=file)
    return files.serve(found.file, name=found.name)  # type: ignore[return-value]


@require_POST
@own
def remove_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a file off a draft."""
    found: FilingFile = get_object_or_404(filing_of(request.user, pk).files, pk=file)
    try:
        actions.remove_file(file=found, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    return redirect("organizations:step", pk=pk, slug="files")


@require_safe
def members_template(request: HttpRequest) -> HttpResponse:
    """The sheet of members to fill in."""
    response = HttpResponse(importers.template(), content_type=_XLSX)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E4%BC%9A%E5%91%98%E5%90%8D%E5%86%8C.xlsx"
    return response
