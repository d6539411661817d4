"""What the public sees of a fund."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.urls import reverse

from registry.funds import reports
from registry.funds.actions.statements import freeze
from registry.funds.models import Kind
from registry.funds.periods import Period
from search.documents import sources

from .makers import Desk, make_fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(desk: Desk) -> Desk:
    """Forty lines over three months, with goods."""
    desk.give("5000", on=desk.day - timedelta(days=80), named=True, donor_name="清溪粮油店", donor_kind="organization")
    for number in range(39):
        desk.spend("10", on=desk.day - timedelta(days=number * 2), purpose=f"慰问第{number}户<b>&")
    desk.post(Kind.GOODS_DONATION, quantity=Decimal("12.5"))
    return desk


def test_a_funds_page_shows_balance_lines_and_who_agreed_to_be_named(moved: Desk, client):
    page = client.get(moved.fund.get_absolute_url()).content.decode()
    for expected in ("4,610.00", "5,000.00", "390.00", "清溪粮油店", "12.5 公斤", "低保家庭 12 户（人）"):
        assert expected in page
    assert "<svg" in page
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;" in page
    assert "style=" not in page.split("<main")[1].split("</main>")[0].replace("font-family", "")


def test_lines_are_turned_over_and_narrowed(moved: Desk, client):
    url = moved.fund.get_absolute_url()
    assert "慰问第35户" not in client.get(url).content.decode()
    assert "慰问第35户" in client.get(url, {"page": 2}).content.decode()
    page = client.get(url, {"kind": "donation"}).content.decode()
    assert "慰问第0户" not in page
    assert "清溪粮油店" in page
    month = f"{moved.day:%Y-%m}"
    assert "慰问第0户" in client.get(url, {"month": month}).content.decode()


@pytest.mark.parametrize(
    "query",
    [{"month": "x"}, {"month": "2026-13"}, {"kind": "'; --"}, {"page": "𠅤"}, {"page": "9" * 40}, {"page": "-1"}],
)
def test_what_is_not_understood_is_left_out(moved: Desk, client, query):
    assert client.get(moved.fund.get_absolute_url(), query).status_code == 200
    assert client.get("/funds/", query).status_code == 200


def test_the_number_of_queries_does_not_grow_with_lines(moved: Desk, client, django_assert_max_num_queries):
    url = moved.fund.get_absolute_url()
    client.get(url)
    caches["pages"].clear()
    with django_assert_max_num_queries(24):
        client.get(url, {"page": 1})


def test_the_directory_narrows_by_kind_and_township(moved: Desk, township, other_township, client):
    make_fund(township, name="清溪镇社区发展基金", kind="community")
    everything = client.get("/funds/").content.decode()
    assert "清溪镇社区发展基金" in everything
    assert moved.fund.name in everything
    assert moved.fund.name not in client.get("/funds/", {"kind": "community"}).content.decode()
    assert moved.fund.name in client.get("/funds/", {"place": township.code}).content.decode()
    assert moved.fund.name not in client.get("/funds/", {"place": other_township.code}).content.decode()


def test_goods_and_donors_have_pages(moved: Desk, client):
    goods = client.get(reverse("funds:goods", args=[moved.fund.code])).content.decode()
    assert "+12.5 公斤" in goods
    donors = client.get(reverse("funds:donors", args=[moved.fund.code])).content.decode()
    assert "清溪粮油店" in donors
    assert "陆𠅤明" not in donors


def test_every_account_that_was_ever_published_is_reached_from_the_fund(desk: Desk, chief, client):
    start = date(2024, 1, 1)
    periods = [Period(day, day.replace(day=28)) for day in (start.replace(month=month) for month in range(1, 11))]
    for period in periods:
        statement = reports.draft(desk.fund, period)
        statement.published_by = chief
        freeze(statement)
    page = client.get(desk.fund.get_absolute_url()).content.decode()
    everything = reverse("funds:statements", args=[desk.fund.code])
    assert f'href="{everything}"' in page
    assert "全部 10 期账目" in page
    listed = client.get(everything).content.decode()
    assert all(statement.get_absolute_url() in listed for statement in desk.fund.statements.all())
    first = desk.fund.statements.order_by("starts_on").first()
    assert first.get_absolute_url() not in page
    assert client.get(first.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/funds/nothing/",
        "/funds/nothing/statements/",
        "/funds/{code}/statements/2026-01-01/",
        "/funds/{code}/statements/2026-99-99/",
        "/funds/{code}/statements/x/statement.csv",
        "/funds/{code}/statements/2026-01-01/statement.pdf",
        "/funds/{code}/corrections/1.pdf",
    ],
)
def test_what_is_not_there_is_not_found(desk: Desk, client, address):
    assert client.get(address.format(code=desk.fund.code)).status_code == 404


def test_a_fund_is_found_by_its_name_and_purpose_not_by_its_books(moved: Desk):
    (document,) = sources()["fund"].documents([moved.fund.pk])
    assert document.title == moved.fund.name
    assert document.url == moved.fund.get_absolute_url()
    assert "慰问" not in "".join([document.body, document.summary, document.heading])
    assert "清溪粮油店" not in "".join([document.body, document.summary, document.heading])
