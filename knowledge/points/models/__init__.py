"""Points: rules and items, households, claims, the ledger, the store, honours."""

from .claims import Batch, Claim, Objection, Photo, Review
from .honours import Honour, HonourVote, Nomination
from .households import Household, Member, Succession
from .ledger import Balance, CapUse, LedgerLine, Period, Total
from .rewards import Redemption, Reward, StockMove
from .rules import LEAST_PANEL, Item, Rules

__all__ = [
    "LEAST_PANEL",
    "Balance",
    "Batch",
    "CapUse",
    "Claim",
    "Honour",
    "HonourVote",
    "Household",
    "Item",
    "LedgerLine",
    "Member",
    "Nomination",
    "Objection",
    "Period",
    "Photo",
    "Redemption",
    "Review",
    "Reward",
    "Rules",
    "StockMove",
    "Succession",
    "Total",
]
