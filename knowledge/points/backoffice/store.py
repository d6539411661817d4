"""The store, redemptions with their slips, and honours."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.acting import KeptViewSet
from accounts.scoping import places_for, rows_for
from accounts.viewsets import ReadOnlyViewSet
from printing.models import IssuedDocument
from printing.responses import pdf_response

from .. import slips
from ..actions import honours, rewards
from ..models import Honour, Nomination, Redemption, Reward, StockMove
from . import forms
from .base import RowView, VillageFormView


class RewardViewSet(KeptViewSet):
    """The store."""

    model = Reward
    icon = "tag"
    menu_label = _("积分超市")
    menu_order = 170
    form_class = forms.RewardForm
    list_display = [
        TitleColumn("name", label=_("物品"), url_name="points_stock", sort_key="name"),
        Column("place", label=_("村、社区"), sort_key="place__path"),
        Column("price", label=_("所需积分"), sort_key="price"),
        Column("stock", label=_("库存"), sort_key="stock"),
        Column("valid_until", label=_("下架"), sort_key="valid_until"),
    ]
    list_filter = {"place": ["exact"]}
    list_export = ["place", "name", "price", "unit", "stock", "valid_from", "valid_until"]
    export_filename = "points-store"
    search_fields = ["name"]
    ordering = ["place", "price", "name"]

    @staticmethod
    def write(reward: Reward, by: Any) -> Reward:
        """By the action."""
        return rewards.offer(reward=reward, by=by)


class StockView(RowView):
    """A thing's stock, move by move; and counting in or out."""

    model = Reward
    form_class = forms.StockForm
    readable = True
    template_name = "points/admin/stock.html"
    page_title = _("库存")
    submit = _("登记")
    listing = "points_rewards:index"
    header_icon = "tag"
    success_message = _("已登记。")

    def act(self, data: dict[str, Any]) -> StockMove:
        """Count."""
        return rewards.move_stock(reward=self.object, by=self.request.user, **data)

    def get_success_url(self) -> str:
        """The stock."""
        return reverse("points_stock", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The last moves."""
        moves = self.object.moves.select_related("by", "redemption__household")[:50]
        return super().get_context_data(**kwargs) | {"moves": moves}


class RedemptionViewSet(ReadOnlyViewSet):
    """Redemptions."""

    model = Redemption
    icon = "download"
    menu_label = _("兑换")
    menu_order = 180
    list_display = [
        TitleColumn("household", label=_("农户"), url_name="points_redemption", sort_key="household__code"),
        Column("reward_name", label=_("物品")),
        Column("quantity", label=_("数量")),
        Column("points", label=_("积分")),
        Column("made_at", label=_("时间"), sort_key="made_at"),
        Column("get_state_display", label=_("状态"), sort_key="state"),
        Column("made_by", label=_("经办人")),
    ]
    list_filter = {"place": ["exact"], "state": ["exact"], "made_at": ["range"]}
    list_export = [
        "place", "household", "reward_name", "quantity", "points", "made_at", "get_state_display", "made_by",
        "slip_number",
    ]  # fmt: skip
    export_filename = "points-redemptions"
    search_fields = ["household__code", "household__head", "reward_name"]
    ordering = ["-pk"]


class RedeemView(VillageFormView):
    """Points for things, at the counter."""

    permission = "points.add_redemption"
    form_class = forms.RedeemForm
    page_title = _("办理兑换")
    submit = _("兑换")
    header_icon = "download"

    def act(self, data: dict[str, Any]) -> Redemption:
        """Redeem."""
        return rewards.redeem(by=self.request.user, **data)

    def answer(self, done: Redemption) -> HttpResponse:
        """The redemption, where the slip is printed."""
        messages.success(self.request, _now("已兑换：%(what)s。") % {"what": done})
        return redirect("points_redemption", done.pk)


class RedemptionView(RowView):
    """A redemption: its slip, the handing over, the cancelling."""

    model = Redemption
    form_class = forms.ReasonForm
    readable = True
    template_name = "points/admin/redemption.html"
    page_title = _("兑换")
    listing = "points_redemptions:index"
    header_icon = "download"
    success_message = _("已领取。")

    def get_form(self, form_class: Any = None) -> Any:
        """Only a cancelling needs a reason."""
        form = super().get_form(form_class)
        form.fields["reason"].required = self.request.POST.get("verb") == "cancel"
        return form

    def act(self, data: dict[str, Any]) -> Redemption:
        """Hand over, or cancel."""
        if self.request.POST.get("verb") == "cancel":
            self.success_message = _("已取消，积分退回。")
            return rewards.cancel(redemption=self.object, reason=data["reason"], by=self.request.user)
        return rewards.hand_over(redemption=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        """The redemption."""
        return reverse("points_redemption", args=[self.object.pk])


class SlipView(View):
    """The slip of a redemption: issued when it is first asked for, the same bytes ever after."""

    scoped = True

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Issue it, and show it."""
        redemption = get_object_or_404(rows_for(Redemption, request.user, "change"), pk=pk)
        try:
            slips.issue(redemption=redemption, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("points_redemption", pk)
        return redirect("points_slip", pk)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it again."""
        redemption = get_object_or_404(rows_for(Redemption, request.user), pk=pk)
        document = IssuedDocument.objects.filter(number=redemption.slip_number).first()
        if not redemption.slip_number or document is None:
            raise Http404
        return pdf_response(document, inline=True)


class HonourViewSet(KeptViewSet):
    """Honours."""

    model = Honour
    icon = "pick"
    menu_label = _("荣誉")
    menu_order = 190
    form_class = forms.HonourForm
    list_display = [
        TitleColumn("name", label=_("荣誉"), url_name="points_honour", sort_key="name"),
        Column("season", label=_("届次"), sort_key="season"),
        Column("place", label=_("村、社区"), sort_key="place__path"),
        Column("seats", label=_("名额")),
        Column("get_state_display", label=_("状态"), sort_key="state"),
        Column("awarded_on", label=_("评定日期"), sort_key="awarded_on"),
    ]
    list_filter = {"place": ["exact"], "state": ["exact"]}
    search_fields = ["name", "season"]
    ordering = ["-pk"]

    @staticmethod
    def write(honour: Honour, by: Any) -> Honour:
        """By the action."""
        return honours.announce(honour=honour, by=by)


class HonourView(RowView):
    """An honour: who is put forward, what the panel says, who gets it."""

    model = Honour
    permission_required = "view"
    readable = True
    form_class = forms.NominateForm
    template_name = "points/admin/honour.html"
    page_title = _("荣誉")
    submit = _("推荐")
    listing = "points_honours:index"
    header_icon = "pick"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Households of its village."""
        return super().get_form_kwargs() | {"village": self.object.place}

    def may(self, permission: str) -> bool:
        """Whether the user may do this for this honour's village."""
        return places_for(self.request.user, permission).filter(pk=self.object.place_id).exists()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nominate by the form; vote and award by their buttons."""
        verb = request.POST.get("verb", "nominate")
        permission = {"vote": "points.review_honour", "award": "points.change_honour"}.get(
            verb, "points.add_nomination"
        )
        if not self.may(permission):
            raise Http404
        if verb == "nominate":
            return super().post(request, *args, **kwargs)
        try:
            self._vote() if verb == "vote" else honours.award(honour=self.object, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _now("已办理。"))
        return redirect(self.get_success_url())

    def _vote(self) -> None:
        asked = self.request.POST.get("nomination", "")
        nomination = get_object_or_404(self.object.nominations, pk=asked if asked.isdecimal() else 0)
        honours.vote(nomination=nomination, agrees=self.request.POST.get("agrees") == "yes", by=self.request.user)

    def act(self, data: dict[str, Any]) -> Nomination:
        """Nominate."""
        return honours.nominate(honour=self.object, by=self.request.user, **data)

    def get_success_url(self) -> str:
        """The honour."""
        return reverse("points_honour", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Nominations with their votes, and what the user may do."""
        nominations = self.object.nominations.select_related("household", "nominated_by").prefetch_related("votes")
        is_open = self.object.state == Honour.State.OPEN
        return super().get_context_data(**kwargs) | {
            "nominations": [(one, *_counted(one, self.request.user)) for one in nominations],
            "is_open": is_open,
            "may_vote": is_open and self.may("points.review_honour"),
            "may_award": is_open and self.may("points.change_honour"),
            "may_nominate": is_open and self.may("points.add_nomination"),
        }


def _counted(nomination: Nomination, user: Any) -> tuple[int, int, bool]:
    votes = list(nomination.votes.all())
    yeses = sum(vote.agrees for vote in votes)
    spoken = nomination.nominated_by_id == user.pk or any(vote.voter_id == user.pk for vote in votes)
    return yeses, len(votes) - yeses, spoken
