"""What other apps may wait for."""

from django.dispatch import Signal

laws_changed = Signal()
"""Laws were written in bulk, which sends no signals of the rows. Sent inside the transaction that wrote them."""
