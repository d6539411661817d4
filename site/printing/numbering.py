"""Numbers without gaps, given out without holding a lock while a page is laid out.

A number stands on the paper, so it must be known before the paper is made, which takes seconds. It is reserved in a
short transaction that locks its series, and the reservation ends with the document. A number whose paper failed is
given out next; one whose holder is not heard of again, after a quarter of an hour (decision 41).
"""

from datetime import timedelta
from uuid import uuid4

from django.db import DatabaseError, models, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from django.utils.translation import gettext as _

from .errors import PrintingError
from .models import NumberReservation, NumberSeries

ABANDONED_AFTER = timedelta(minutes=15)


@transaction.atomic
def reserve(*, kind: str, year: int, place_code: str = "") -> NumberReservation:
    """The lowest number of a series that no document has, for one holder."""
    NumberSeries.objects.get_or_create(kind=kind, year=year, place_code=place_code)
    series = NumberSeries.objects.select_for_update().get(kind=kind, year=year, place_code=place_code)
    now = timezone.now()
    free = models.Q(reserved_at=None) | models.Q(reserved_at__lt=now - ABANDONED_AFTER)
    left = series.reservations.filter(free).order_by("value").first()
    if left is not None:
        left.holder, left.reserved_at = uuid4(), now
        left.save(update_fields=["holder", "reserved_at"])
        return left
    series.last += 1
    series.save(update_fields=["last"])
    return NumberReservation.objects.create(series=series, value=series.last)


def confirm(reservation: NumberReservation) -> None:
    """The number is used: to be called in the transaction that stores the document.

    Raises PrintingError when the number went to somebody else meanwhile.
    """
    deleted, _details = NumberReservation.objects.filter(pk=reservation.pk, holder=reservation.holder).delete()
    if not deleted:
        raise PrintingError(_("生成文件用时太长，编号已被收回，什么也没有出具。请重试。"))


def release(reservation: NumberReservation) -> None:
    """The number was not used after all."""
    try:
        NumberReservation.objects.filter(pk=reservation.pk, holder=reservation.holder).update(reserved_at=None)
    except (DatabaseError, TransactionManagementError):
        # The transaction around has failed and takes the reservation with it, or time will.
        return
