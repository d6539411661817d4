"""A village with lines in September, and a site whose papers can be verified."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from wagtail.models import Page, Site

from accounts.models import User
from home.models import HomePage
from knowledge.points.models import Household, Item, Rules
from knowledge.points.reports import paper, registry
from knowledge.points.reports.spans import Span
from printing.models import IssuedDocument
from registry.places.models import Place
from tests.integration.points.makers import make_household, make_item, make_line
from tests.integration.points.reports.addresses import SEPTEMBER


@pytest.fixture(autouse=True)
def _stored_in_a_folder_of_its_own(settings: Any, tmp_path: Any) -> None:
    """Papers are files."""
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _front(db: None) -> None:
    """The public pages stand on a home page."""
    home = Page.get_first_root_node().add_child(instance=HomePage(title="乡约", slug="front"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})


@pytest.fixture
def points(village: Place, household: Household, cleaning: Item, littering: Item, official: User) -> None:
    """Seven households with two points each in September, one with five taken."""
    for number in range(6):
        make_line(make_household(village, official, code=f"9{number}"), cleaning, official, day=date(2026, 9, 3))
    make_line(household, cleaning, official, day=date(2026, 9, 3))
    make_line(make_household(village, official, head="李老四"), littering, official, day=date(2026, 9, 4))


@pytest.fixture
def issue(village: Place, official: User) -> Callable[..., IssuedDocument]:
    """`issue(name, place, span)`: a report issued by the official."""

    def _issue(name: str = "publicity", place: Place = village, span: Span = SEPTEMBER) -> IssuedDocument:
        return paper.issue(report=registry.get(name), place=place, span=span, by=official)

    return _issue


@pytest.fixture
def neighbour(sibling: Place, official: User) -> Household:
    """A household of the village beside, with a line in September."""
    Rules.objects.create(place=sibling)
    household = make_household(sibling, official)
    make_line(household, make_item(sibling, "清洁", 3), official, day=date(2026, 9, 3))
    return household
