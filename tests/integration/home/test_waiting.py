"""What waits for somebody on the back office's first page: theirs, and nothing beside it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.waiting import Waiting, waiting_for
from knowledge.points.actions import claims
from knowledge.points.models import Claim, Rules
from registry.organizations.models import Filing
from registry.places.models import Place
from tests.integration.points import makers as points
from tests.integration.registry.conftest import appoint, county, sibling, township, village
from tests.integration.registry.organizations import makers as organizations

__all__ = ["appoint", "county", "sibling", "township", "village"]

QUERIES = 24
"""What asking for everything costs the most widely appointed of all, whatever waits."""


@pytest.fixture
def clerk(appoint: Callable[..., User], village: Place, sibling: Place) -> User:
    """Who enters the claims of both villages."""
    Rules.objects.bulk_create(Rules(place=place) for place in (village, sibling))
    return appoint(sibling, Role.VILLAGE_OFFICIAL, user=appoint(village, Role.VILLAGE_OFFICIAL))


@pytest.fixture
def official(appoint: Callable[..., User], village: Place) -> User:
    return appoint(village, Role.VILLAGE_OFFICIAL)


@pytest.fixture
def reviewer(appoint: Callable[..., User], village: Place) -> User:
    return appoint(village, Role.POINTS_REVIEWER)


def enter(place: Place, by: User) -> Claim:
    """A claim of a village that waits to be checked."""
    item = points.make_item(place, f"清洁日{Claim.objects.count()}", 2)
    return points.make_claim(points.make_household(place, by), item, by)


def of(user: User, label: str) -> Waiting:
    """The kind of work that is called so."""
    fresh = User.objects.get(pk=user.pk)
    return next(one for one in waiting_for(fresh) if str(one.label) == label)


def first_page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/admin/").content.decode()


def test_claims_wait_at_ones_own_place_and_lead_to_its_desk(
    official: User, clerk: User, village: Place, sibling: Place
) -> None:
    enter(village, clerk)
    enter(sibling, clerk)
    found = of(official, "积分待初审")
    assert (found.count, found.url) == (1, f"/admin/points/desk/?place={village.code}&step=check")
    html = first_page(official)
    assert f"/admin/points/desk/?place={village.code}&amp;step=check" in html
    assert sibling.code not in html


def test_ones_own_claims_do_not_wait_for_oneself(clerk: User, village: Place) -> None:
    enter(village, clerk)
    assert of(clerk, "积分待初审").count == 0


def test_a_reviewer_is_asked_once(official: User, clerk: User, reviewer: User, village: Place) -> None:
    claim = enter(village, clerk)
    assert of(reviewer, "积分待我评议").count == 0
    claims.check(claims=[claim], by=official)
    assert of(reviewer, "积分待我评议").count == 1
    claims.review(claims=[claim], agrees=True, by=reviewer)
    assert of(reviewer, "积分待我评议").count == 0
    assert "积分待初审" not in first_page(reviewer)


def test_a_township_sees_which_of_its_villages_wait(
    appoint: Callable[..., User], clerk: User, township: Place, village: Place, sibling: Place
) -> None:
    enter(village, clerk)
    enter(sibling, clerk)
    enter(sibling, clerk)
    found = of(appoint(township, Role.TOWNSHIP_OFFICIAL), "积分待初审")
    assert [(spot.name, spot.count) for spot in found.spots] == [(sibling.name, 2), (village.name, 1)]
    assert found.url == found.spots[0].url


def test_a_filing_past_its_day_is_marked(appoint: Callable[..., User], township: Place, village: Place) -> None:
    applicant = User.objects.create_user("lin", "lin@example.org")
    official = appoint(township, Role.TOWNSHIP_OFFICIAL)
    organizations.a_submitted(village, applicant)
    late = organizations.a_submitted(village, applicant)
    Filing.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    found = of(official, "备案申请待审核")
    assert (found.count, found.late) == (2, 1)
    assert "超期 1" in first_page(official)


def test_a_renewal_waits_until_it_is_asked_for(official: User, village: Place) -> None:
    organization = organizations.an_organization(village)
    assert of(official, "该续期还没申请的组织").count == 0
    organization.valid_until = timezone.localdate() + timedelta(days=10)
    organization.valid_from = organization.registered_on = timezone.localdate() - timedelta(days=9)
    organization.save()
    assert (of(official, "该续期还没申请的组织").count, of(official, "该续期还没申请的组织").late) == (1, 0)
    page = Client()
    page.force_login(official)
    listed = page.get(of(official, "该续期还没申请的组织").url).content.decode()
    assert organization.name in listed


def test_nothing_to_do_is_said(official: User, village: Place) -> None:
    html = first_page(official)
    assert "现在没有等您办的事" in html
    assert "柳河村 · 村干部" in html


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COUNTY_AUDITOR])
def test_who_has_no_such_work_is_greeted(appoint: Callable[..., User], village: Place, role: Role) -> None:
    user = appoint(village, role)
    html = first_page(user)
    assert f"{user}，您好。" in html
    assert f"柳河村 · {role.label}" in html
    assert "现在没有等您办的事" not in html


def test_every_link_leads_somewhere(
    appoint: Callable[..., User], admin_client: Client, admin_user: User, clerk: User, village: Place, township: Place
) -> None:
    enter(village, clerk)
    appoint(township, *Role.values, user=admin_user)
    found = waiting_for(User.objects.get(pk=admin_user.pk))
    assert len(found) >= 17
    for one in found:
        assert admin_client.get(one.url).status_code == 200, one.label


def test_it_costs_the_same_whatever_waits(
    appoint: Callable[..., User],
    clerk: User,
    township: Place,
    village: Place,
    sibling: Place,
    django_assert_max_num_queries: Any,
) -> None:
    user = appoint(township, *Role.values)
    for place in (village, sibling) * 3:
        enter(place, clerk)
        organizations.an_organization(place)
    with django_assert_max_num_queries(QUERIES):
        waiting_for(User.objects.get(pk=user.pk))
