"""Who organizes, and what there is to join."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.volunteers.models import Activity, Shift, Volunteer

from ..organizations import makers
from . import factories


@pytest.fixture
def official(village: Place, appoint: Callable[..., User]) -> User:
    """A village official of 柳河村."""
    return appoint(village, Role.VILLAGE_OFFICIAL)


@pytest.fixture
def volunteer(village: Place) -> Volunteer:
    """A volunteer of 柳河村."""
    return factories.a_volunteer(village)


@pytest.fixture
def activity(village: Place, official: User) -> Activity:
    """A published activity of 柳河村 with one shift tomorrow."""
    return factories.an_activity(village, by=official)


@pytest.fixture
def shift(activity: Activity) -> Shift:
    """Its shift."""
    found: Any = activity.shifts.get()
    return found


@pytest.fixture
def manager(db: Any) -> User:
    """林秀兰, who acts for an organization."""
    return User.objects.create_user("lin@example.org", "lin@example.org", "x", display_name="林秀兰")


@pytest.fixture
def organization(village: Place, manager: User) -> Organization:
    """The organization that she acts for."""
    return makers.an_organization(village, manager, name="柳河村舞龙队")


@pytest.fixture
def base(organization: Organization) -> str:
    """Where its volunteers are organized."""
    return f"/volunteer/organizing/{organization.number}"
