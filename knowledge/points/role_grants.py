"""What the roles may do with points: officials keep them, the panel reviews them, the county reads."""

from accounts.roles import OFFICIALS, READERS, Role, grant, grant_model

from .models import (
    Batch,
    Claim,
    Honour,
    Household,
    Item,
    LedgerLine,
    Member,
    Nomination,
    Objection,
    Period,
    Photo,
    Redemption,
    Review,
    Reward,
    Rules,
    StockMove,
    Succession,
)

_SEE = (*READERS, Role.POINTS_REVIEWER)

for _model in (Rules, Item, Household, Member, Reward, Honour):
    grant_model(_model, view=_SEE, add=OFFICIALS, change=OFFICIALS)
grant_model(Claim, view=_SEE, add=OFFICIALS, change=OFFICIALS, check=OFFICIALS, review=(Role.POINTS_REVIEWER,))
grant_model(Batch, view=_SEE, add=OFFICIALS)
grant_model(LedgerLine, view=_SEE, add=OFFICIALS, reverse=OFFICIALS)
grant_model(Period, view=_SEE, change=OFFICIALS)
grant_model(Redemption, view=_SEE, add=OFFICIALS, change=OFFICIALS)
grant_model(StockMove, view=_SEE, add=OFFICIALS)
grant_model(Objection, view=_SEE, change=OFFICIALS)
grant_model(Nomination, view=_SEE, add=(*OFFICIALS, Role.POINTS_REVIEWER))
grant("points.review_honour", Role.POINTS_REVIEWER)
grant_model(Photo, view=_SEE)
grant_model(Review, view=_SEE)
grant_model(Succession, view=_SEE)
grant("points.view_report", *_SEE)
grant("points.issue_report", *OFFICIALS)
