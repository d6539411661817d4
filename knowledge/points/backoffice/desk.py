"""The day's work: claims to check, to review, in their publicity, objected to; and how claims are entered."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts import files
from accounts.scoping import rows_for
from accounts.viewsets import ReadOnlyViewSet

from ..actions import claims, posting
from ..choices import ClaimState, Source
from ..models import Claim, Objection, Photo
from . import forms
from .base import RowView, VillageFormView, VillageView

_AT_ONCE = 100

STEPS = {
    "check": (_("待初审"), "check"),
    "review": (_("待我评议"), "review"),
    "publicity": (_("公示中"), "change"),
}


class DeskView(VillageView):
    """Claims by what is to be done with them, many at once."""

    permission = "points.view_claim"
    template_name = "points/admin/desk.html"
    page_title = _("积分工作台")
    header_icon = "tasks"

    @property
    def step(self) -> str:
        """What is being done: what was asked for, else the first that the user may do."""
        asked = self.request.GET.get("step", "")
        if asked in STEPS:
            return asked
        allowed = [
            step for step, (_label, action) in STEPS.items() if self.request.user.has_perm(f"points.{action}_claim")
        ]
        return next(iter(allowed), "publicity")

    def rows(self, step: str) -> "QuerySet[Claim]":
        """The claims of a step in this village, those that wait longest first."""
        user = self.request.user
        rows = rows_for(Claim, user).filter(place=self.village)
        if step == "check":
            rows = rows.filter(state=ClaimState.ENTERED)
        elif step == "review":
            rows = rows.filter(state=ClaimState.CHECKED)
            if user.has_perm("points.review_claim"):
                rows = rows.exclude(reviews__reviewer=user).exclude(entered_by=user)
        else:
            rows = rows.filter(state=ClaimState.PUBLICIZED)
        return (
            rows.select_related("household", "item", "entered_by").prefetch_related("photos", "reviews").order_by("pk")
        )

    def label(self, step: str) -> str:
        """What a step is called; who is not of the panel reads what waits for it."""
        if step == "review" and not self.request.user.has_perm("points.review_claim"):
            return _now("待评议")
        return str(STEPS[step][0])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The step's claims, and how many each step has."""
        objections = Objection.objects.filter(claim__place=self.village, decided_at=None)
        tabs = [(step, self.label(step), self.rows(step).count()) for step in STEPS]
        action = STEPS[self.step][1]
        return super().get_context_data(**kwargs) | {
            "step": self.step,
            "tabs": tabs,
            "page": Paginator(self.rows(self.step), _AT_ONCE).get_page(self.request.GET.get("p")),
            "may_act": rows_for(Claim, self.request.user, action).filter(place=self.village).exists(),
            "objections": objections.select_related("claim__household"),
            "due": self.rows("publicity").due(timezone.localdate()).count() if self.village else 0,  # type: ignore[attr-defined]
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do with the chosen claims what the button says; a refusal leaves choice and reason as they were."""
        if self.village is None:
            raise Http404
        try:
            messages.success(request, self._do(request.POST.get("verb", "")))
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return self.render_to_response(
                self.get_context_data(chosen=self._asked(), reason=request.POST.get("reason", ""))
            )
        return redirect(self.here)

    def _do(self, verb: str) -> str:
        user, reason = self.request.user, self.request.POST.get("reason", "")
        if verb == "post":
            self._require("change")
            assert self.village is not None
            lines = posting.post_due(place=self.village, by=user)
            return _now("入账 %(count)d 笔。") % {"count": len(lines)}
        action = {"pass": "check", "refuse": "check", "agree": "review", "disagree": "review"}.get(verb)
        if action is None:
            raise Http404
        self._require(action)
        chosen = self._chosen(action)
        if verb == "pass":
            claims.check(claims=chosen, by=user)
        elif verb == "refuse":
            claims.refuse(claims=chosen, reason=reason, by=user)
        else:
            claims.review(claims=chosen, agrees=verb == "agree", reason=reason, by=user)
        return _now("办理 %(count)d 笔。") % {"count": len(chosen)}

    def _require(self, action: str) -> None:
        if not self.request.user.has_perm(f"points.{action}_claim"):
            raise PermissionDenied

    def _asked(self) -> set[int]:
        return {int(pk) for pk in self.request.POST.getlist("claim") if pk.isdecimal()}

    def _chosen(self, action: str) -> list[Claim]:
        asked = self._asked()
        found = list(rows_for(Claim, self.request.user, action).filter(place=self.village, pk__in=asked))
        if not found or len(found) != len(asked):
            raise ValidationError(_now("没有选中，或者有的已不在您的范围内，请刷新后再选。"))
        return found


class EnterView(VillageFormView):
    """One claim, by household code; the form stays for the next."""

    permission = "points.add_claim"
    form_class = forms.EnterForm
    page_title = _("登记一笔")
    submit = _("登记，接着下一笔")
    header_icon = "plus"

    def get_initial(self) -> dict[str, Any]:
        """The item and the day of the one before."""
        kept = {name: self.request.GET.get(name, "") for name in ("item", "happened_on")}
        return super().get_initial() | {name: value for name, value in kept.items() if value}

    def act(self, data: dict[str, Any]) -> Claim:
        """Enter."""
        return claims.enter(
            deed=claims.Deed(data["household"], data["item"], data["quantity"], data["note"]),
            happened_on=data["happened_on"],
            source=Source.OFFICIAL,
            by=self.request.user,
            photos=data["photos"],
            request_key=data["request_key"],
        )

    def answer(self, done: Claim) -> HttpResponse:
        """Say what was entered."""
        messages.success(self.request, _now("已登记：%(claim)s，等别人初审。") % {"claim": done})
        kept = urlencode({"place": self.village.code, "item": done.item_id, "happened_on": str(done.happened_on)})  # type: ignore[union-attr]
        return redirect(f"{self.request.path}?{kept}")


class ClaimViewSet(ReadOnlyViewSet):
    """All claims."""

    model = Claim
    icon = "list-ul"
    menu_label = _("全部申报")
    menu_order = 130
    list_display = [
        TitleColumn("number", label=_("编号"), url_name="points_claim", sort_key="pk"),
        Column("household", label=_("农户"), sort_key="household__code"),
        Column("item_name", label=_("项目")),
        Column("points", label=_("积分"), sort_key="points"),
        Column("happened_on", label=_("发生日期"), sort_key="happened_on"),
        Column("get_source_display", label=_("来源")),
        Column("get_state_display", label=_("状态"), sort_key="state"),
    ]
    list_filter = {
        "place": ["exact"],
        "state": ["exact"],
        "source": ["exact"],
        "category": ["exact"],
        "happened_on": ["range"],
    }
    list_export = [
        "number", "place", "household", "item_name", "points", "happened_on", "get_source_display", "get_state_display",
        "refusal",
    ]  # fmt: skip
    export_filename = "points-claims"
    search_fields = ["household__code", "household__head", "item_name"]
    ordering = ["-pk"]


class ClaimView(RowView):
    """A claim with its evidence, what the panel said, and the objections to it."""

    model = Claim
    permission_required = "change"
    readable = True
    form_class = forms.ObjectionDecisionForm
    template_name = "points/admin/claim.html"
    page_title = _("积分申报")
    listing = "points_claims:index"
    header_icon = "list-ul"
    success_message = _("已处理。")

    def get_queryset(self) -> "QuerySet[Claim]":
        """With what the page shows."""
        rows = Claim.objects.select_related("household__place", "item", "entered_by", "checked_by", "batch")
        return rows.prefetch_related("photos", "reviews__reviewer", "objections__decided_by")

    def act(self, data: dict[str, Any]) -> Objection:
        """Decide the open objection."""
        objection = self.object.objections.filter(decided_at=None).first()
        if objection is None:
            raise ValidationError(_now("没有待处理的异议。"))
        return claims.decide_objection(objection=objection, by=self.request.user, **data)

    def get_success_url(self) -> str:
        """The claim."""
        return reverse("points_claim", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether an objection is open, and the line."""
        is_open = any(objection.decided_at is None for objection in self.object.objections.all())
        return super().get_context_data(**kwargs) | {
            "has_open_objection": is_open,
            "line": getattr(self.object, "line", None),
        }


class PhotoView(View):
    """A photo of a claim, for those who may see the claim."""

    scoped = True

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file, in the browser."""
        photo = get_object_or_404(rows_for(Photo, request.user), pk=pk)
        name = f"{photo.claim.number}-{photo.pk}{photo.file.name[photo.file.name.rfind('.') :]}"
        return files.serve(photo.file, name=name, as_attachment=False)
