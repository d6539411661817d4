"""One address may not call without end."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse

from search.ratelimit import client_ip, client_key, limited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def rates(settings):
    settings.RATE_LIMITS = {"search": "3/m", "suggest": "2/m", "form": "1/m"}


def test_a_call_too_many_is_told_when_to_come_back(client, index, rates):
    assert [client.get("/search/", {"q": "劳动仲裁"}).status_code for _ in range(4)] == [200, 200, 200, 429]
    response = client.get("/search/", {"q": "劳动仲裁"})
    assert 1 <= int(response["Retry-After"]) <= 60
    assert response["Cache-Control"] == "no-store"
    assert "请等" in response.content.decode()
    assert client.get("/search/", {"q": "劳动仲裁"}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_groups_are_counted_apart(client, index, rates):
    for _ in range(2):
        assert client.get("/search/suggest/", {"q": "劳动"}).status_code == 200
    refused = client.get("/search/suggest/", {"q": "劳动"}, headers={"Accept": "application/json"})
    assert refused.status_code == 429
    assert refused.json()["error"]
    assert client.get("/search/", {"q": "劳动"}).status_code == 200


def test_a_rate_can_change_and_be_switched_off(client, index, settings):
    settings.RATE_LIMITS = {"search": "1/m", "suggest": ""}
    assert [client.get("/search/", {"q": "一年"}).status_code for _ in range(2)] == [200, 429]
    assert {client.get("/search/suggest/", {"q": "一年"}).status_code for _ in range(9)} == {200}
    settings.RATE_LIMITS = {"search": "100/m"}
    assert client.get("/search/", {"q": "一年"}).status_code == 200


def test_only_the_named_methods_count(rf, rates):
    @limited("form", methods=("POST",))
    def form(request):
        return HttpResponse("ok")

    assert {form(rf.get("/")).status_code for _ in range(3)} == {200}
    assert [form(rf.post("/")).status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, " , ", "10.0.0.1"),
    ],
)
def test_behind_proxies_the_address_is_what_the_last_of_them_saw(rf, settings, proxies, forwarded, address):
    settings.AXES_IPWARE_PROXY_COUNT = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == address


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", ""),
        ("not an address" * 20, ("not an address" * 20)[:64]),
    ],
)
def test_ipv6_is_counted_by_its_network(rf, address, key):
    assert client_key("search", rf.get("/", REMOTE_ADDR=address)) == key
