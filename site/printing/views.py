"""The public page that tells whether a paper is genuine and still holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import codes
from .forms import CodeForm
from .models import IssuedDocument
from .ratelimit import limited


def _answer(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    breadcrumbs = [(_("文件查验"), "")]
    response = render(request, "printing/verify.html", context | {"breadcrumbs": breadcrumbs}, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _refusal(request: HttpRequest, asked: str, **why: bool) -> HttpResponse:
    """The form again with what was asked, so that one letter can be put right."""
    return _answer(request, {**why, "form": CodeForm(initial={"code": asked}), "asked": asked}, status=404)


@require_safe
@cache_control(no_store=True)
@limited
def verify_form(request: HttpRequest) -> HttpResponse:
    """Where a code is typed; a sound one leads to its page."""
    if "code" not in request.GET:
        return _answer(request, {"form": CodeForm()})
    form = CodeForm(request.GET)
    if form.is_valid():
        return redirect("printing:verify", code=form.cleaned_data["code"])
    return _answer(request, {"form": form})


@require_safe
@cache_control(no_store=True)
@limited
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a paper opens: whether it holds, and what it must say. 404 for a code never given out."""
    normal = codes.normalize(code[:60])
    if not codes.is_sound(normal):
        return _refusal(request, code[:60], altered=True)
    if normal != code:
        return redirect("printing:verify", code=normal)
    found = IssuedDocument.objects.select_related("replaced_by", "replaces").filter(code=normal).first()
    if found is None:
        return _refusal(request, codes.grouped(normal), unknown=True)
    return _answer(request, {"document": found})
