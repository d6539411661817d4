"""The points store: stock, redemptions, slips."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit

from ..choices import Account, LineKind
from ..indexing import points_changed
from ..models import Balance, Household, LedgerLine, Redemption, Reward, StockMove
from ..refusals import require_current, require_reason
from ..slips import withdraw
from .ledger import Entry, append, lock


@transaction.atomic
def offer(*, reward: Reward, by: Any, stock: int = 0) -> Reward:
    """Put something into the store, or change it; with the first stock of something new."""
    new = reward._state.adding
    reward.full_clean()
    reward.save(update_fields=None if new else ["name", "price", "unit", "valid_from", "valid_until"])
    if new and stock:
        move_stock(reward=reward, change=stock, reason=StockMove.Reason.RESTOCK, by=by)
    points_changed(reward.place)
    audit.record(by=by, action="points.offer_reward", subject=reward, place=reward.place, price=reward.price)
    return reward


@transaction.atomic
def move_stock(*, reward: Reward, change: int, reason: str, by: Any, note: str = "") -> StockMove:
    """Count things in or out that no redemption moved. Raises ValidationError below nothing."""
    if reason in {StockMove.Reason.REDEMPTION, StockMove.Reason.RETURN}:
        raise ValidationError(_("兑换引起的库存变动由系统记。"))
    locked = Reward.objects.select_for_update().get(pk=reward.pk)
    if change == 0 or locked.stock + change < 0:
        raise ValidationError(
            _("“%(reward)s”现有 %(stock)d，不能减成负数。") % {"reward": locked.name, "stock": locked.stock}
        )
    move = StockMove.objects.create(reward=locked, change=change, reason=reason, note=note.strip(), by=by)
    reward.refresh_from_db()
    audit.record(by=by, action="points.move_stock", subject=move, place=reward.place, change=change, reason=reason)
    return move


@transaction.atomic
def redeem(*, household: Household, reward: Reward, quantity: int, by: Any, request_key: UUID) -> Redemption:
    """Take points from a household and set things aside for it. The same form sent twice is one redemption.

    Raises ValidationError beyond the stock or the balance. The month, the balance and the reward are locked in this
    order, so that whoever comes second sees what the first has left.
    """
    today = timezone.localdate()
    lock(place=household.village, days=[today], households=[household.pk])
    if known := Redemption.objects.filter(request_key=request_key).first():
        return known
    require_current(household)
    reward = Reward.objects.select_for_update().get(pk=reward.pk)
    _require_offered(reward, household, quantity)
    points = reward.price * quantity
    balance = Balance.objects.get(household=household).points
    if balance < points:
        raise ValidationError(
            _("%(household)s现有 %(balance)d 分，兑换要 %(points)d 分。")
            % {"household": household, "balance": balance, "points": points}
        )
    line = _take(household, f"{reward.name} × {quantity}", points, by)
    redemption = Redemption.objects.create(
        place=reward.place,
        household=household,
        reward=reward,
        line=line,
        reward_name=reward.name,
        price=reward.price,
        quantity=quantity,
        request_key=request_key,
        made_by=by,
    )
    StockMove.objects.create(
        reward=reward, change=-quantity, reason=StockMove.Reason.REDEMPTION, redemption=redemption, by=by
    )
    audit.record(by=by, action="points.redeem", subject=redemption, place=reward.place, points=points)
    return redemption


def _require_offered(reward: Reward, household: Household, quantity: int) -> None:
    if reward.place_id != household.village_id:
        raise ValidationError(_("“%(reward)s”不是本村积分超市的物品。") % {"reward": reward.name})
    if quantity < 1:
        raise ValidationError(_("数量至少是 1。"))
    if reward.stock < quantity:
        raise ValidationError(_("“%(reward)s”只剩 %(stock)d。") % {"reward": reward.name, "stock": reward.stock})
    if not Reward.objects.on_offer(timezone.localdate()).filter(pk=reward.pk).exists():
        raise ValidationError(_("“%(reward)s”现在不能兑换。") % {"reward": reward.name})


def _take(household: Household, title: str, points: int, by: Any) -> LedgerLine:
    today = timezone.localdate()
    entry = Entry(
        household=household,
        kind=LineKind.REDEMPTION,
        account=Account.REDEMPTION,
        points=-points,
        title=title,
        happened_on=today,
        dated_on=today,
    )
    return append(place=household.village, entries=[entry], by=by)[0]


@transaction.atomic
def hand_over(*, redemption: Redemption, by: Any) -> Redemption:
    """The things are in the household's hands. Raises ValidationError the second time."""
    return _closed(redemption, Redemption.State.HANDED_OVER, by)


@transaction.atomic
def cancel(*, redemption: Redemption, reason: str, by: Any) -> Redemption:
    """Give back the points by a line that names the one that took them, and the things to the store."""
    reason = require_reason(reason)
    line = redemption.line
    today = timezone.localdate()
    lock(place=redemption.place, days=[today], households=[redemption.household_id])
    redemption = _closed(redemption, Redemption.State.CANCELLED, by, reason=reason)
    entry = Entry(
        household=redemption.household,
        kind=LineKind.REVERSAL,
        account=line.account,
        points=-line.points,
        title=line.title,
        happened_on=line.happened_on,
        dated_on=today,
        undoes=line,
        reason=reason,
    )
    append(place=redemption.place, entries=[entry], by=by)
    StockMove.objects.create(
        reward=redemption.reward,
        change=redemption.quantity,
        reason=StockMove.Reason.RETURN,
        redemption=redemption,
        by=by,
    )
    withdraw(redemption=redemption, reason=reason, by=by)
    return redemption


def _closed(redemption: Redemption, state: Redemption.State, by: Any, **details: Any) -> Redemption:
    locked = Redemption.objects.select_for_update(of=("self",)).get(pk=redemption.pk)
    if locked.state != Redemption.State.RESERVED:
        raise ValidationError(
            _("这张兑换单%(state)s，不能再办。") % {"state": locked.get_state_display()}, code="closed"
        )
    locked.state, locked.closed_by, locked.closed_at = state, by, timezone.now()
    locked.save(update_fields=["state", "closed_by", "closed_at"])
    audit.record(by=by, action=f"points.redemption_{state}", subject=locked, place=locked.place, **details)
    return locked
