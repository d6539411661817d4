"""What happens elsewhere and is written down here."""

from typing import Any

from django.dispatch import receiver

from accounts import audit
from registry.places import signals


@receiver(signals.written)
def record_places(by: Any, action: str, place: Any, details: dict[str, Any], **kwargs: Any) -> None:
    """Places know nothing of accounts: the line about a place is written here, in the transaction of the change."""
    audit.record(by=by, action=action, subject=place, place=place if place.path else None, **details)
