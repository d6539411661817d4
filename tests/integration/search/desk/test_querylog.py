"""What people ask is counted: after the answer, without their numbers, and never in its way."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.signals import request_finished
from django.db import DatabaseError, connection
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from search import querylog
from search.actions import mark_handled
from search.models import UnansweredQuery

pytestmark = pytest.mark.django_db


def hits():
    return {query.query_string: query.hits for query in Query.objects.all()}


def ask(client, **parameters):
    return client.get("/search/", parameters)


def test_a_search_counts(client, index):
    for _ in range(2):
        ask(client, q="劳动仲裁")
    assert hits() == {"劳动仲裁": 2}
    assert QueryDailyHits.objects.get().date == timezone.now().date()
    assert not UnansweredQuery.objects.exists()


def test_only_the_first_page_without_filters_counts(client, index):
    ask(client, q="劳动仲裁", page="2")
    ask(client, q="劳动仲裁", kind="article")
    ask(client, q="")
    client.get("/search/suggest/", {"q": "劳动"})
    assert hits() == {}


def test_questions_without_an_answer_are_kept_for_the_editors(client, index):
    ask(client, q="qwertyuiop")
    ask(client, q="QWERTYUIOP ")
    ask(client, q="火星移民手续")
    rows = {row.text: row for row in UnansweredQuery.objects.all()}
    assert set(rows) == {"qwertyuiop", "火星移民手续"}
    assert (rows["qwertyuiop"].times, rows["qwertyuiop"].results) == (2, 0)


def test_asked_again_after_it_was_dealt_with_it_waits_again(client, index, admin_user):
    ask(client, q="火星移民手续")
    row = UnansweredQuery.objects.get()
    assert mark_handled(queries=[row.pk], by=admin_user) == 1
    assert not UnansweredQuery.objects.waiting().exists()
    assert not UnansweredQuery.objects.get().waiting
    ask(client, q="火星移民手续")
    assert UnansweredQuery.objects.waiting().get().waiting


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("我的电话13812345678被骚扰", "我的电话***被骚扰"),
        ("138 1234 5678", "***"),
        ("138-1234-5678 欠钱", "*** 欠钱"),
        ("身份证33010219900101123X丢了", "身份证***丢了"),
        ("１３８１２３４５６７８", "***"),
        ("6222 0200 1111 2222 333", "***"),
        ("民法典1079条", "民法典1079条"),
        ("欠我50000元", "欠我50000元"),
        ("2026年1月", "2026年1月"),
        ("ＡＢＣ  Def", "abc def"),
        ("离\x00婚\ud800", "离婚"),
        ("问" * 500, "问" * 120),
    ],
)
def test_long_numbers_are_never_kept(typed, kept):
    assert querylog.masked(typed) == kept


def test_nobodys_number_is_written(client, index):
    for text in ("13812345678", "张三 33010219900101123X 欠我钱"):
        ask(client, q=text)
    stored = [*hits(), *UnansweredQuery.objects.values_list("text", flat=True)]
    assert stored
    assert not any("3381" in text or "13812" in text or "1990" in text for text in stored)


def test_a_failing_log_costs_a_line_and_nothing_else(client, index, monkeypatch, caplog):
    def fail(*args):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(querylog, "_write", fail)
    assert ask(client, q="劳动仲裁").status_code == 200
    assert hits() == {}
    assert "lost a line" in caplog.text
    monkeypatch.undo()
    assert ask(client, q="劳动仲裁").status_code == 200
    assert hits() == {"劳动仲裁": 1}


def test_it_is_written_after_the_answer(index, rf):
    from search.views import results

    response = results(rf.get("/search/", {"q": "劳动仲裁"}))
    assert response.status_code == 200
    assert hits() == {}
    assert querylog.write in [receiver() for _, receiver, *_ in request_finished.receivers]
    querylog.write()
    assert hits() == {"劳动仲裁": 1}


def test_a_line_costs_few_statements(client, index, django_assert_max_num_queries):
    querylog.note("劳动仲裁", answers=9)
    querylog.write()
    querylog.note("劳动仲裁", answers=9)
    # Count; on SQLite, how long to wait, before and after.
    with django_assert_max_num_queries(3):
        assert querylog.write() == 1
    with django_assert_max_num_queries(0):
        assert querylog.write() == 0


def test_what_waits_is_bounded():
    for number in range(3000):
        querylog.note(f"query {number}", answers=9)
    assert len(querylog._noted) == 1000


def test_the_wait_for_a_lock_is_put_back(settings):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite locks the whole database")
    querylog.note("劳动仲裁", answers=9)
    querylog.write()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] == connection.settings_dict["OPTIONS"]["timeout"] * 1000


def test_what_nobody_asked_for_long_is_forgotten(settings):
    settings.SEARCH_QUERY_DAYS = 30
    now = timezone.now()
    for text, days in (("旧", 31), ("新", 29)):
        UnansweredQuery.objects.create(text=text, times=3, last_asked_at=now - timedelta(days=days))
    old = Query.get("去年问的")
    QueryDailyHits.objects.create(query=old, date=(now - timedelta(days=400)).date(), hits=5)
    Query.get("今天问的").add_hit()
    call_command("forget_queries", verbosity=0)
    assert [query.text for query in UnansweredQuery.objects.all()] == ["新"]
    assert hits() == {"今天问的": 1}
