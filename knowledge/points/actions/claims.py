"""Claims: entered, checked, reviewed by the panel, objected to, posted or refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.places.models import Place

from ..caps import Caps
from ..choices import ClaimState, Source
from ..models import Batch, Claim, Household, Item, Objection, Photo, Review
from ..refusals import require_current, require_item, require_past, require_reason
from .rules import rules_of


@dataclass(frozen=True, slots=True)
class Deed:
    """What a household did: one cell of a grid, one row of a sheet, one form."""

    household: Household
    item: Item
    quantity: int = 1
    note: str = ""


@transaction.atomic
def enter(
    *,
    deed: Deed,
    happened_on: date,
    source: str,
    by: Any,
    photos: Sequence[UploadedFile] = (),
    request_key: UUID | None = None,
) -> Claim:
    """Enter one claim; `by` is None when the household does it itself. The same form sent twice is one claim."""
    if request_key is not None and (known := Claim.objects.filter(request_key=request_key).first()):
        return known
    if source == Source.HOUSEHOLD and deed.item.points < 0:
        raise ValidationError(_("扣分项目由村里登记，不能自报。"))
    _require_evidence(deed, source, photos)
    caps = _caps([deed])
    claim = _claim(deed, happened_on, source, by, caps)
    claim.request_key = request_key
    claim.save()
    for photo in photos:
        Photo.objects.create(claim=claim, file=photo)
    audit.record(by=by, action="points.enter_claim", subject=claim, place=claim.place, source=source)
    return claim


def _require_evidence(deed: Deed, source: str, photos: Sequence[UploadedFile]) -> None:
    if photos or not deed.item.needs_evidence:
        return
    if source == Source.HOUSEHOLD:
        raise ValidationError(_("“%(item)s”要附照片。") % {"item": deed.item.name})
    if source == Source.OFFICIAL and not deed.note.strip():
        raise ValidationError({"note": _("“%(item)s”要附照片，或者写明情况。") % {"item": deed.item.name}})


@transaction.atomic
def enter_batch(
    *, place: Place, title: str, happened_on: date, deeds: Sequence[Deed], source: str, by: Any, request_key: UUID
) -> Batch:
    """Enter claims together: all, or none with every refusal told. The same form sent twice is one batch."""
    if known := Batch.objects.filter(request_key=request_key).first():
        return known
    if not deeds:
        raise ValidationError(_("一格都没有填。"))
    batch = Batch(place=place, title=title.strip(), happened_on=happened_on, request_key=request_key, entered_by=by)
    batch.full_clean()
    batch.save()
    caps, claims, refusals = _caps(deeds), [], []
    for deed in deeds:
        try:
            claims.append(_claim(deed, happened_on, source, by, caps))
        except ValidationError as error:
            refusals += [f"{deed.household}：{message}" for message in error.messages]
    if refusals:
        raise ValidationError(refusals)
    for claim in claims:
        claim.batch = batch
    Claim.objects.bulk_create(claims, batch_size=500)
    audit.record(by=by, action="points.enter_batch", subject=batch, place=place, claims=len(claims))
    return batch


def _caps(deeds: Sequence[Deed]) -> Caps:
    return Caps(households={deed.household.pk for deed in deeds}, items={deed.item.pk for deed in deeds}, waiting=True)


def _claim(deed: Deed, happened_on: date, source: str, by: Any, caps: Caps) -> Claim:
    require_past(happened_on)
    require_current(deed.household)
    require_item(deed.household, deed.item, happened_on)
    if deed.quantity < 1:
        raise ValidationError(_("数量至少是 1。"))
    points = deed.item.points * deed.quantity
    left = caps.take(deed.household, deed.item, happened_on, points)
    if left is not None:
        raise ValidationError(over_cap(deed.item, left))
    return Claim(
        place_id=deed.household.village_id,
        household=deed.household,
        item=deed.item,
        item_name=deed.item.name,
        category=deed.item.category,
        unit_points=deed.item.points,
        quantity=deed.quantity,
        points=points,
        happened_on=happened_on,
        note=deed.note.strip(),
        source=source,
        entered_by=by,
    )


def over_cap(item: Item, left: int) -> str:
    """Why points do not fit below an item's cap."""
    return _("“%(item)s”%(cap)s，这户只剩 %(left)d 分。") % {"item": item.name, "cap": item.cap_text, "left": left}


@transaction.atomic
def check(*, claims: Iterable[Claim], by: Any) -> list[Claim]:
    """Pass claims on to the panel. Who entered one cannot check it."""
    checked = []
    for claim in _locked(claims, ClaimState.ENTERED):
        if claim.entered_by_id == by.pk:
            raise ValidationError(_("%(claim)s是您登记的，要由别人初审。") % {"claim": claim})
        claim.state, claim.checked_by, claim.checked_at = ClaimState.CHECKED, by, timezone.now()
        claim.save(update_fields=["state", "checked_by", "checked_at"])
        audit.record(by=by, action="points.check_claim", subject=claim, place=claim.place)
        checked.append(claim)
    return checked


@transaction.atomic
def review(*, claims: Iterable[Claim], agrees: bool, by: Any, reason: str = "") -> list[Claim]:
    """Say yes or no as one of the panel, once for each claim.

    As many yeses as the village's rules ask for make a claim public, as many noes refuse it. Raises ValidationError for
    who entered the claim, who has spoken already, and a no without a reason.
    """
    if not agrees:
        reason = require_reason(reason)
    reviewed = []
    for claim in _locked(claims, ClaimState.CHECKED):
        if claim.entered_by_id == by.pk:
            raise ValidationError(_("%(claim)s是您登记的，不能自己评议。") % {"claim": claim})
        if claim.reviews.filter(reviewer=by).exists():
            raise ValidationError(_("%(claim)s您已经评议过。") % {"claim": claim})
        Review.objects.create(claim=claim, reviewer=by, agrees=agrees, reason=reason)
        audit.record(by=by, action="points.review_claim", subject=claim, place=claim.place, agrees=agrees)
        _count_votes(claim, by)
        reviewed.append(claim)
    return reviewed


def _count_votes(claim: Claim, by: Any) -> None:
    rules = rules_of(claim.place)
    votes = list(claim.reviews.values_list("agrees", "reason"))
    against = [reason for agrees, reason in votes if not agrees]
    if len(votes) - len(against) >= rules.panel_size:
        claim.state, claim.public_from = ClaimState.PUBLICIZED, timezone.localdate()
        claim.public_until = claim.public_from + timedelta(days=rules.publicity_days - 1)
        claim.save(update_fields=["state", "public_from", "public_until"])
    elif len(against) >= rules.panel_size:
        close_refused(claim=claim, reason="；".join(against)[:200], by=by)


@transaction.atomic
def refuse(*, claims: Iterable[Claim], reason: str, by: Any) -> list[Claim]:
    """Refuse claims at the first check, with the reason that the household reads."""
    reason = require_reason(reason)
    refused = list(_locked(claims, ClaimState.ENTERED))
    for claim in refused:
        close_refused(claim=claim, reason=reason, by=by)
    return refused


@transaction.atomic
def object_to(*, claim: Claim, name: str, phone: str, text: str, own: bool = False) -> Objection:
    """File an objection to a claim in its publicity, to points taken only by the household itself (`own`).

    Raises ValidationError when the publicity is over.
    """
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    today = timezone.localdate()
    rows = Claim.objects.objectionable(today) if own else Claim.objects.in_publicity(today)
    if not rows.filter(pk=claim.pk).exists():
        raise ValidationError(_("公示期已过，请直接到村委会反映。"))
    objection = Objection(claim=claim, name=name.strip(), phone=phone.strip(), text=text.strip(), by_household=own)
    objection.full_clean()
    objection.save()
    audit.record(by=None, action="points.object_to_claim", subject=objection, place=claim.place)
    return objection


@transaction.atomic
def decide_objection(*, objection: Objection, upheld: bool, answer: str, by: Any) -> Objection:
    """Answer an objection. Upheld, the claim is refused with that answer; else it goes its way."""
    answer = require_reason(answer)
    claim = Claim.objects.select_for_update(of=("self",)).select_related("place").get(pk=objection.claim_id)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.decided_at is not None:
        raise ValidationError(_("这条异议已经处理过。"))
    objection.upheld, objection.answer = upheld, answer
    objection.decided_by, objection.decided_at = by, timezone.now()
    objection.save()
    audit.record(by=by, action="points.decide_objection", subject=objection, place=claim.place, upheld=upheld)
    if upheld and claim.state == ClaimState.PUBLICIZED:
        close_refused(claim=claim, reason=answer, by=by)
    return objection


def close_refused(*, claim: Claim, reason: str, by: Any) -> None:
    """Refuse a claim that is locked."""
    claim.state, claim.refusal, claim.closed_at = ClaimState.REFUSED, reason, timezone.now()
    claim.save(update_fields=["state", "refusal", "closed_at"])
    audit.record(by=by, action="points.refuse_claim", subject=claim, place=claim.place, reason=reason)


def _locked(claims: Iterable[Claim], state: ClaimState) -> list[Claim]:
    """The claims, locked in order, as they stand now. Raises ValidationError where one has moved on."""
    wanted = {claim.pk for claim in claims}
    found = Claim.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    locked = list(found.select_related("place", "household"))
    for claim in locked:
        if claim.state != state:
            raise ValidationError(
                _("%(claim)s现在是“%(now)s”，请刷新后再办。") % {"claim": claim, "now": claim.get_state_display()}
            )
    return locked
