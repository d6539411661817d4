"""The public verification of papers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from printing import actions, codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]
FORM = reverse("printing:verify_form")


@pytest.fixture
def home_page():
    """The public pages stand on a home page."""
    from wagtail.models import Page, Site

    from home.models import HomePage

    home = Page.get_first_root_node().add_child(instance=HomePage(title="乡约", slug="front"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


def text(response) -> str:
    return response.content.decode()


def test_a_valid_document_is_told_with_its_facts(client, issue):
    document = issue(facts=[("服务时长", "35.5 小时"), ("姓名", "张*福<b>")])
    response = client.get(document.verify_url)
    page = text(response)
    assert response.status_code == 200
    for expected in (document.number, "现在有效", "35.5 小时", "张*福&lt;b&gt;", document.sha256, "石桥村", "证明"):
        assert expected in page
    assert document.filename not in page
    assert "clerk" not in page


def test_a_revoked_document_is_told_with_the_kind_of_reason_alone(client, issue, clerk):
    document = actions.revoke(document=issue(), category="untrue", reason="当事人李四举报", by=clerk)
    page = text(client.get(document.verify_url))
    assert "已被撤销" in page
    assert "所依据的材料不实" in page
    assert "李四" not in page
    assert "现在有效" not in page


def test_a_replaced_document_leads_to_the_new_one(client, issue, clerk):
    old = issue()
    new = issue(instead_of=actions.Withdrawal(old, "error", "名字写错"))
    page = text(client.get(old.verify_url))
    assert "已被新文件替代" in page
    assert new.verify_url in page
    assert old.verify_url in text(client.get(new.verify_url))


def test_a_typed_code_leads_to_its_page(client, issue):
    document = issue()
    typed = f" {document.grouped_code.lower()} "
    assert client.get(FORM, {"code": typed}).headers["Location"] == document.verify_url
    assert client.get(f"{FORM}{document.grouped_code.lower()}/").headers["Location"] == document.verify_url


def test_an_altered_code_and_an_unknown_one_are_told_apart(client, issue):
    code = issue().code
    altered = code[:-1] + ("0" if code[-1] != "0" else "1")
    response = client.get(f"{FORM}{altered}/")
    assert response.status_code == 404
    assert "查验码不对" in text(response)
    assert f'value="{altered}"' in response.content.decode(), "one letter can be put right"
    response = client.get(f"{FORM}{codes.new_code()}/")
    assert response.status_code == 404
    assert "没有这份文件" in text(response)


@pytest.mark.parametrize(
    "typed", ["", "ABC", "0" * 500, "<script>alert(1)</script>", "' OR 1=1 --", "𠅤😀查验码", "0000 0000 0001"]
)
def test_what_is_no_code_is_refused_beside_the_field(client, typed):
    response = client.get(FORM, {"code": typed})
    page = text(response)
    assert response.status_code == 200
    assert "field__error" in page
    assert "<script>alert" not in page


def test_any_path_is_answered(client):
    for path in ("<script>", "'%20OR%201=1", "𠅤", "a" * 300, "%00"):
        response = client.get(f"{FORM}{path}/")
        assert response.status_code == 404
        assert "<script>alert" not in text(response)


def test_it_is_neither_kept_nor_found_by_search_engines(client, issue, settings):
    settings.PAGE_CACHE = True
    document = issue()
    for address in (document.verify_url, FORM):
        response = client.get(address)
        assert "no-store" in response["Cache-Control"]
        assert "ETag" not in response
        assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_codes_cannot_be_tried_out(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"verify": "3/m"}
    answers = [client.get(f"{FORM}{codes.new_code()}/").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert client.get(FORM, REMOTE_ADDR="10.9.9.9").status_code == 200
    assert int(client.get(FORM)["Retry-After"]) >= 1


def test_looking_costs_one_query_for_the_document(client, issue):
    document = issue()
    client.get(document.verify_url)
    with CaptureQueriesContext(connection) as captured:
        client.get(document.verify_url)
    assert sum("printing_issueddocument" in query["sql"] for query in captured) == 1


def test_only_reading_is_allowed(client, issue):
    assert client.post(issue().verify_url).status_code == 405
