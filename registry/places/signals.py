"""What other apps may wait for."""

from django.dispatch import Signal

written = Signal()
"""Somebody wrote places. Sent inside the transaction that wrote them, with what an audit line says of it:
`by` (a user or None), `action` ("places.add_grid"), `place` and `details` (a dict of JSON values)."""
