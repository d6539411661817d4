"""Handing in, looking at what would happen, and confirming."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from accounts import sensitive
from accounts.files import serve_bytes
from registry.importing import actions, progress, sheets
from registry.importing.forms import UploadForm
from registry.importing.models import ImportRun
from registry.importing.resources import REFUSED, SheetResource, resource, resources_for

_ROWS_PER_PAGE = 50


def runs_of(user: Any) -> "QuerySet[ImportRun]":
    """The files that somebody handed in; an administrator sees all."""
    runs = ImportRun.objects.select_related("uploaded_by")
    return runs if user.is_superuser else runs.filter(uploaded_by=user)


def permitted(user: Any, key: str) -> type[SheetResource]:
    """The resource of this key, if the user may import it."""
    try:
        found = resource(key)
    except KeyError as error:
        raise Http404 from error
    if not user.has_perm(found.permission):
        raise PermissionDenied
    return found


class IndexView(WagtailAdminTemplateMixin, TemplateView):
    """What can be imported, and what was."""

    scoped = True
    page_title = gettext_lazy("导入表格")
    header_icon = "upload"
    template_name = "importing/index.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """No way back but the menu."""
        return [{"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The kinds with their forms, and the user's own files."""
        user = self.request.user
        page = Paginator(runs_of(user).defer("outcomes"), 20).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"kinds": resources_for(user), "page": page}


class UploadView(WagtailAdminTemplateMixin, TemplateView):
    """Hand in a file of one kind."""

    scoped = True
    header_icon = "upload"
    template_name = "importing/upload.html"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for who may import this kind."""
        self.kind = permitted(request.user, kwargs["key"])
        self.form = UploadForm(request.POST or None, request.FILES or None)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The kind's title."""
        return str(self.kind.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Back to the kinds."""
        return [
            {"url": reverse("importing_index"), "label": _("导入表格")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and what the columns are."""
        columns = list(self.kind(by=self.request.user).columns.values())
        return super().get_context_data(**kwargs) | {"kind": self.kind, "form": self.form, "columns": columns}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the file and check it."""
        if self.form.is_valid():
            try:
                run = actions.hand_in(key=self.kind.key, upload=self.form.cleaned_data["file"], by=request.user)
            except ValidationError as error:
                self.form.add_error("file", error)
            else:
                return redirect("importing_run", run.pk)
        return self.render_to_response(self.get_context_data(), status=422)


class RunView(WagtailAdminTemplateMixin, TemplateView):
    """What would become of each row, or what became of it."""

    scoped = True
    header_icon = "upload"
    template_name = "importing/run.html"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for who handed it in."""
        self.run = get_object_or_404(runs_of(request.user), pk=kwargs["pk"])
        permitted(request.user, self.run.resource)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The file's name."""
        return self.run.filename

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Back to the kinds."""
        back = {"url": reverse("importing_index"), "label": _("导入表格")}
        return [back, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows in pages: of the outcome that was asked for, else of a refused file what is wrong, else all."""
        wanted = self.request.GET.get("kind", REFUSED if self.run.state == ImportRun.State.REFUSED else "")
        outcomes = self.run.outcomes
        counts = {kind: sum(one["kind"] == kind for one in outcomes) for kind in ("new", "update", "skip", REFUSED)}
        shown = [one for one in outcomes if one["kind"] == wanted] if wanted else outcomes
        done, rows = progress.of(self.run.pk)
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "counts": counts,
            "kind": wanted,
            "page": Paginator(shown, _ROWS_PER_PAGE).get_page(self.request.GET.get("p")),
            "done": done,
            "rows": rows or self.run.rows,
            "stale": self.run.is_under_way and progress.is_stale(self.run.pk),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the rows."""
        try:
            actions.apply(run=self.run, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.run.refresh_from_db()
            if self.run.state == ImportRun.State.APPLIED:
                messages.success(request, _("已导入。"))
        return redirect("importing_run", self.run.pk)


class ProgressView(View):
    """How far a run has come, as JSON: `done` and `rows`, and whether it is over."""

    scoped = True

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        """For who handed it in."""
        run = get_object_or_404(runs_of(request.user).defer("outcomes"), pk=pk)
        done, rows = progress.of(pk)
        return JsonResponse({"done": done, "rows": rows or run.rows, "over": not run.is_under_way})


def download(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The file as it was handed in, or the rows that were refused."""
    run = get_object_or_404(runs_of(request.user), pk=pk)
    if what == "refused":
        return serve_bytes(sheets.refusals(run), name=_("错误") + f"-{run.filename.rpartition('.')[0]}.xlsx")
    with run.file.open("rb") as stored:
        return serve_bytes(sensitive.decrypt(stored.read()), name=run.filename)


def template(request: HttpRequest, key: str) -> HttpResponse:
    """The template to fill in."""
    kind = permitted(request.user, key)
    return serve_bytes(sheets.template(kind(by=request.user)), name=f"{kind.title}.xlsx")


download.scoped = template.scoped = True  # type: ignore[attr-defined]
