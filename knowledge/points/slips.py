"""The slip with which a household fetches what it redeemed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.sensitive import mask_name
from printing import actions, kinds
from printing.models import IssuedDocument

from .issuers import issuer
from .models import Redemption

KIND = "points.slip"

kinds.register(KIND, label=gettext_lazy("积分兑换单"), prefix="积兑", per_place=True)


@transaction.atomic
def issue(*, redemption: Redemption, by: Any) -> IssuedDocument:
    """Issue the slip of a redemption once; asked again, the same one. Raises ValidationError for a cancelled one."""
    rows = Redemption.objects.select_for_update(of=("self",)).select_related("household", "place", "line")
    locked = rows.get(pk=redemption.pk)
    if locked.state == Redemption.State.CANCELLED:
        raise ValidationError(_("这张兑换单已取消。"))
    if locked.slip_number:
        return IssuedDocument.objects.get(number=locked.slip_number)
    document = actions.issue(
        kind=KIND,
        title=_("积分兑换单"),
        issuer=issuer(locked.place),
        place_code=locked.place.code,
        template="points/slip.html",
        paper="a5-landscape",
        context={"redemption": locked, "issuer": issuer(locked.place)},
        subject=mask_name(locked.household.head),
        facts=[
            (_("物品"), f"{locked.reward_name} × {locked.quantity}"),
            (_("积分"), str(locked.points)),
            (_("凭证号"), locked.line.evidence_number),
        ],
        filename=f"积分兑换单-{locked.household.code}-{locked.line.evidence_number}.pdf",
        by=by,
    )
    locked.slip_number = document.number
    locked.save(update_fields=["slip_number"])
    audit.record(by=by, action="points.issue_slip", subject=locked, place=locked.place, number=document.number)
    return document


def withdraw(*, redemption: Redemption, reason: str, by: Any) -> None:
    """The slip of a cancelled redemption, if it was issued, holds no more."""
    document = IssuedDocument.objects.valid().filter(number=redemption.slip_number).first()
    if redemption.slip_number and document is not None:
        actions.revoke(document=document, reason=reason, category=IssuedDocument.Reason.REQUEST, by=by)
