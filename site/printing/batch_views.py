"""Batches in the back office: progress, failures, cancelling, the archive. For who started one, and superusers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.paginator import WagtailPaginator

from . import batches
from .batch_runner import SILENT_AFTER
from .models import Batch, BatchItem
from .responses import archive_response

_PER_PAGE = 30


def _own(request: HttpRequest, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user), pk=pk)


def state_of(batch: Batch) -> tuple[str, str]:
    """A batch's state as a code and in words."""
    if batch.finished_at and batch.cancelled_at:
        return "cancelled", _("已取消")
    if batch.finished_at:
        return "finished", _("已完成")
    if batch.cancelled_at:
        return "cancelling", _("正在取消：手头的几份做完就停")
    if batch.heartbeat_at is None:
        return "waiting", _("排队等待")
    if batch.heartbeat_at < timezone.now() - SILENT_AFTER:
        return "stalled", _("后台打印停了：它重新启动后会接着做，做完的不会重做")
    return "running", _("正在生成")


def _summary(batch: Batch) -> dict[str, Any]:
    progress = batches.progress(batch)
    state, words = state_of(batch)
    return {
        "state": state,
        "state_text": words,
        "total": progress.total,
        "ended": progress.ended,
        "done": progress.done,
        "failed": progress.failed,
        "cancelled": progress.cancelled,
        "is_over": batch.finished_at is not None,
    }


def _header(title: str, above: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """What Wagtail's page header shows."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("首页")}, *(above or []), {"url": "", "label": title}]
    return {"header_title": title, "page_title": title, "header_icon": "download", "breadcrumbs_items": crumbs}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The batches that a user started, newest first."""
    found = Batch.objects.visible_to(request.user).select_related("started_by")
    page = WagtailPaginator(found, _PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "page": page,
        "rows": [(batch, state_of(batch)[1]) for batch in page],
        "elided_page_range": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "printing/admin/batches.html", context | _header(_("批量打印")))


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a batch is, what failed and why, and its archive."""
    batch = _own(request, pk)
    failures = batch.items.filter(status=BatchItem.Status.FAILED)
    context = {"batch": batch, "failures": failures, "progress": _summary(batch)}
    above = [{"url": reverse("printing_batches:index"), "label": _("批量打印")}]
    return render(request, "printing/admin/batch.html", context | _header(batch.title, above))


@require_safe
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as JSON, for the script that moves the bar."""
    response = JsonResponse(_summary(_own(request, pk)))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a batch."""
    batch = _own(request, pk)
    if batch.finished_at:
        messages.warning(request, _("这一批已经结束，不用取消。"))
    else:
        batches.cancel(batch=batch)
        messages.success(request, _("已取消。已经做好的文件仍然有效，可以下载。"))
    return redirect(batch)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The archive of a batch that has ended."""
    batch = _own(request, pk)
    if not batch.archive:
        raise Http404(_("这一批没有可以下载的文件。"))
    return archive_response(batch)


urlpatterns: list[URLPattern] = [
    path("", index, name="index"),
    path("<int:pk>/", detail, name="detail"),
    path("<int:pk>/status/", status, name="status"),
    path("<int:pk>/cancel/", cancel, name="cancel"),
    path("<int:pk>/download/", download, name="download"),
]
