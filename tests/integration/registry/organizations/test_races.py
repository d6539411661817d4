"""Two reviewers on one filing, two approvals at one moment. Only a server has both at once."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from registry.organizations import actions
from registry.organizations.models import Decision, Organization
from registry.places.models import Kind, Place

from . import makers

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def village(transactional_db) -> Place:
    county = Place.add_root(code="990100", name="云溪县", kind=Kind.COUNTY)
    township = county.add_child(code="990100001", name="清溪镇", kind=Kind.TOWNSHIP)
    return township.add_child(code="990100001201", name="柳河村", kind=Kind.VILLAGE)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run these in threads that start together; what each returned, or raised."""
    results: list[object] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = call()
        except ValidationError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def users(count: int) -> list[User]:
    return [User.objects.create_user(f"u{n}", f"u{n}@example.org") for n in range(count)]


def test_two_reviewers_do_not_both_decide(village):
    writer, one, other = users(3)
    filing = makers.a_submitted(village, writer)
    results = at_once(
        lambda: actions.approve_filing(filing=filing, by=one),
        lambda: actions.refuse_filing(filing=filing, remark="不行", by=other),
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert Decision.objects.count() == 1
    assert Organization.objects.count() == (Decision.objects.get().outcome == "approved")


def test_two_approvals_make_one_organization(village):
    writer, *reviewers = users(4)
    filing = makers.a_submitted(village, writer)
    results = at_once(*[lambda by=by: actions.approve_filing(filing=filing, by=by) for by in reviewers])
    assert sum(isinstance(result, Organization) for result in results) == 1
    assert Organization.objects.count() == Decision.objects.count() == 1


def test_approvals_at_once_get_numbers_of_their_own(village):
    writer, *reviewers = users(5)
    filings = [makers.a_submitted(village, writer) for _ in reviewers]
    pairs = zip(filings, reviewers, strict=True)
    results = at_once(*[lambda f=f, by=by: actions.approve_filing(filing=f, by=by) for f, by in pairs])
    assert all(isinstance(result, Organization) for result in results), results
    assert len(set(Organization.objects.values_list("number", flat=True))) == len(filings)


def test_a_filing_submitted_twice_at_once_is_submitted_once(village):
    (writer,) = users(1)
    filing = makers.a_draft(village, writer)
    results = at_once(*[lambda: actions.submit(filing=filing, by=writer) for _ in range(3)])
    assert sum(isinstance(result, ValidationError) for result in results) == 2
    assert filing.submissions.count() == 1


def test_one_renewal_at_a_time(village):
    import datetime

    from django.utils import timezone

    (writer,) = users(1)
    organization = makers.an_organization(village, writer)
    Organization.objects.update(valid_until=timezone.localdate() + datetime.timedelta(days=3))
    results = at_once(*[lambda: actions.start_renewal(organization=organization, by=writer) for _ in range(3)])
    assert sum(isinstance(result, ValidationError) for result in results) == 2
