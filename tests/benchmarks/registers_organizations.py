"""Lists of 10,000 organizations: the queries that a page asks, and the time that it takes.

    .venv/bin/python -m tests.benchmarks.registers_organizations [--count 10000] [--times 15]

Makes its own database in a temporary folder (or, with DATABASE_URL, in the one that is named there, which must be
empty), a county of three townships with twelve villages, and the organizations in them, each with a service. Prints
for each page the number of queries and the median and slowest time without any cache, in milliseconds.
"""

import argparse
import datetime
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def prepare(folder: str) -> None:
    """Settings of the tests, a database of one's own, no page cache."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ["XIANGYUE_DATA_DIR"] = folder
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int) -> Any:
    """The county with its organizations. Returns the official who looks at them."""
    from accounts.models import Appointment, User
    from registry.organizations import actions
    from registry.organizations.choices import FieldOfWork, State
    from registry.organizations.models import Filing, Organization, OrganizationKind, Service
    from registry.places import demo
    from registry.places.models import Kind, Place

    county = demo.load()
    official = User.objects.create_user("official", "official@example.org")
    Appointment.objects.create(user=official, role="township_official", place=county)
    actions.open_county(county=county, by=official)
    villages = list(Place.objects.within([county]).of_kind(Kind.VILLAGE))
    kinds = list(OrganizationKind.objects.all())
    today = datetime.date.today()  # noqa: DTZ011

    def particulars(n: int) -> dict[str, Any]:
        return {
            "name": f"{villages[n % len(villages)].name}互助会{n}",
            "form": "community",
            "kind": kinds[n % len(kinds)],
            "field_of_work": FieldOfWork.values[n % len(FieldOfWork.values)],
            "place": villages[n % len(villages)],
            "aims": "邻里互助，帮困扶老，组织文体活动。",
            "head_name": f"张{n}",
            "premises": "文化礼堂",
            "premises_right": "provided",
        }

    now = datetime.datetime.now(datetime.UTC)
    filings = Filing.objects.bulk_create(
        [
            Filing(
                **particulars(n),
                head_phone="13800001234",
                applicant=official,
                reviewer=official,
                state=State.IN_REVIEW,
                submitted_at=now,
                due_on=today + datetime.timedelta(days=n % 14 - 4),
            )
            for n in range(count)
        ],
        batch_size=500,
    )
    organizations = Organization.objects.bulk_create(
        [
            Organization(
                **particulars(n),
                filing=filing,
                number=f"9901002026{n:06}",
                registered_on=today,
                valid_from=today,
                valid_until=today + datetime.timedelta(days=100 + n % 900),
            )
            for n, filing in enumerate(filings)
        ],
        batch_size=500,
    )
    Service.objects.bulk_create(
        [
            Service(
                organization=organization,
                name="上门看望",
                description="看望独居老人",
                audience="elderly",
                location="入户",
                hours="周一至周五",
                cost="免费",
                contact="0570-5000000",
                confirmed_on=today - datetime.timedelta(days=n % 500),
            )
            for n, organization in enumerate(organizations)
        ],
        batch_size=500,
    )
    return official


PAGES = {
    "directory": "/organizations/",
    "directory, last page": "/organizations/?page=9999",
    "directory, one township and field": "/organizations/?place=990100001&field=elderly",
    "directory, words": "/organizations/?q=互助会1234",
    "back office: register": "/admin/organizations_register/",
    "back office: register, sorted by place": "/admin/organizations_register/?ordering=place__path",
    "back office: register, searched": "/admin/organizations_register/?q=互助会1234",
    "back office: queue of filings": "/admin/organization_filings/",
    "back office: services": "/admin/organization_services/",
    "report: services out of date": "/admin/reports/stale-services/",
    "report: overdue filings": "/admin/reports/overdue-filings/",
}


def measure(official: Any, times: int) -> Iterator[tuple[str, int, list[float]]]:
    """Each page: its queries, and the milliseconds of each time."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    setup_test_environment()
    office, public = Client(), Client()
    office.force_login(official, "django.contrib.auth.backends.ModelBackend")
    for name, address in PAGES.items():
        client = office if address.startswith("/admin") else public
        assert client.get(address).status_code == 200, name
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        # Read now: the next request empties the log.
        queries, took = len(captured), []
        for _ in range(times):
            started = time.perf_counter()
            client.get(address)
            took.append(1000 * (time.perf_counter() - started))
        yield name, queries, took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        official = fill(options.count)
        print(f"| {options.count:,} organizations | queries | median ms | slowest ms |")
        print("| --- | --- | --- | --- |")
        for name, queries, took in measure(official, options.times):
            print(f"| {name} | {queries} | {statistics.median(took):.0f} | {max(took):.0f} |")


if __name__ == "__main__":
    main()
