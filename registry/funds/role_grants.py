"""What the roles at a place may do with funds."""

from accounts.roles import OFFICIALS, READERS, Role, grant, grant_model
from registry.funds.models import (
    Balance,
    Correction,
    Donation,
    Entry,
    Evidence,
    Fund,
    GoodsLine,
    Statement,
    Stock,
    Voucher,
)

_TOWNSHIP = (Role.TOWNSHIP_OFFICIAL,)

for model in (Balance, Entry, Evidence, GoodsLine, Statement, Stock, Correction):
    grant_model(model, view=READERS)

# A village proposes; the township, which watches over the money of its villages, approves and publishes.
grant_model(Fund, view=READERS, add=_TOWNSHIP, change=_TOWNSHIP)
grant_model(Voucher, view=READERS, add=OFFICIALS, change=OFFICIALS, approve=_TOWNSHIP)
grant_model(Donation, view=READERS, change=OFFICIALS)
grant("funds.publish_statement", *_TOWNSHIP)
