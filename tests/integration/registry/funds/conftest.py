"""A fund and those who keep its books."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from registry.funds.models import Fund
from registry.places.models import Place

from .makers import Desk, make_fund


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Papers of a test go with it."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def clerk(village: Place, appoint: Callable[..., User]) -> User:
    """Proposes what is to be booked."""
    return appoint(village, Role.VILLAGE_OFFICIAL)


@pytest.fixture
def chief(township: Place, appoint: Callable[..., User]) -> User:
    """Approves and publishes."""
    return appoint(township, Role.TOWNSHIP_OFFICIAL)


@pytest.fixture
def fund(village: Place, chief: User) -> Fund:
    """A micro-fund of 柳河村."""
    return make_fund(village, by=chief)


@pytest.fixture
def desk(fund: Fund, clerk: User, chief: User) -> Desk:
    """The fund's books with those who keep them."""
    return Desk(fund, clerk, chief)
