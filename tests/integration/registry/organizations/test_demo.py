"""The demo's register."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from registry.organizations import demo
from registry.organizations.choices import State, Status
from registry.organizations.completeness import problems
from registry.organizations.models import AnnualReport, Filing, Organization, PurchasedService, Service
from registry.places import demo as places
from registry.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(appoint) -> Place:
    county = places.load()
    demo.load(county=county, by=appoint(county, Role.TOWNSHIP_OFFICIAL))
    return county


def test_thirty_organizations_in_every_state(loaded):
    standing = Counter(Organization.objects.values_list("status", flat=True))
    filings = Counter(Filing.objects.values_list("state", flat=True))
    assert set(standing) == set(Status)
    assert set(filings) == set(State)
    assert Organization.objects.count() + Filing.objects.exclude(state=State.APPROVED).count() == 30
    assert Service.objects.stale().exists()
    assert Filing.objects.overdue().exists()
    assert PurchasedService.objects.exclude(rating="").exists()
    assert AnnualReport.objects.exclude(confirmed_at=None).exists()
    assert User.objects.filter(managed_organizations__isnull=False).distinct().count() == 2


def test_what_is_made_could_have_been_filed(loaded):
    for filing in Filing.objects.exclude(state=State.APPROVED):
        assert problems(filing) == {}, filing
    for organization in Organization.objects.all():
        organization.full_clean()


def test_a_second_run_changes_nothing_and_the_seed_decides(loaded):
    names = list(Organization.objects.values_list("number", "name", "head_name"))
    demo.load(county=loaded, by=User.objects.first(), seed=2)
    assert list(Organization.objects.values_list("number", "name", "head_name")) == names


def test_every_page_of_it_opens(loaded):
    client = Client()
    for organization in Organization.objects.all():
        assert client.get(organization.get_absolute_url()).status_code == 200
    assert client.get(reverse("organizations:directory")).context["directory"].total == 17
