"""Honours: nominations, the panel's vote, seats."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from knowledge.points.actions import honours
from knowledge.points.models import Honour, Household, Nomination
from registry.places.models import Place
from tests.integration.points.makers import make_household

pytestmark = pytest.mark.django_db


@pytest.fixture
def honour(village: Place, official: User) -> Honour:
    """One seat."""
    return honours.announce(honour=Honour(place=village, name="最美家庭", season="2026年", seats=1), by=official)


def nominate(honour: Honour, household: Household, by: User) -> Nomination:
    return honours.nominate(honour=honour, household=household, reason="照顾邻居老人", by=by)


def test_the_panel_decides(honour: Honour, household: Household, official: User, panel: list[User]) -> None:
    chosen = nominate(honour, household, official)
    other = nominate(honour, make_household(honour.place, official), official)
    for voter in panel:
        honours.vote(nomination=chosen, agrees=True, by=voter)
    for voter, agrees in zip(panel, (True, True, False), strict=True):
        honours.vote(nomination=other, agrees=agrees, by=voter)
    assert honours.award(honour=honour, by=official) == [chosen]
    honour.refresh_from_db()
    assert (honour.state, honour.awarded_on is not None) == ("awarded", True)
    assert list(Nomination.objects.filter(awarded=True)) == [chosen]
    with pytest.raises(ValidationError, match="已经评定"):
        nominate(honour, make_household(honour.place, official), official)


def test_a_tie_across_the_last_seat_is_not_drawn(
    honour: Honour, household: Household, official: User, panel: list[User]
) -> None:
    for nominated in (household, make_household(honour.place, official)):
        nomination = nominate(honour, nominated, official)
        for voter in panel[:2]:
            honours.vote(nomination=nomination, agrees=True, by=voter)
    with pytest.raises(ValidationError, match="并列"):
        honours.award(honour=honour, by=official)


def test_who_may_not_vote_or_be_nominated(
    honour: Honour, household: Household, sibling: Place, official: User, panel: list[User]
) -> None:
    nomination = nominate(honour, household, panel[0])
    with pytest.raises(ValidationError, match="自己推荐"):
        honours.vote(nomination=nomination, agrees=True, by=panel[0])
    honours.vote(nomination=nomination, agrees=True, by=panel[1])
    with pytest.raises(ValidationError, match="已经表决过"):
        honours.vote(nomination=nomination, agrees=False, by=panel[1])
    with pytest.raises(ValidationError, match="足够赞成票"):
        honours.award(honour=honour, by=official)
    with pytest.raises(ValidationError, match="本村"):
        nominate(honour, make_household(sibling, official), official)
    with pytest.raises(ValidationError, match="已经推荐过"):
        nominate(honour, household, official)
