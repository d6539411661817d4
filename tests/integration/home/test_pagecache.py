"""Public pages are kept whole, and an edit is seen at once."""

import gzip

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from home import pagecache
from home.contentversion import ContentVersion
from home.demo import ensure_site
from home.models import SiteSettings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.PAGE_CACHE = True
    caches["pages"].clear()


@pytest.fixture
def home(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return ensure_site(8000)


def version() -> int:
    return ContentVersion.objects.get(pk=1).number


def middleware(body: str = "<p>乡约</p>", **headers: str):
    made = []

    def view(request):
        made.append(request.get_full_path())
        return HttpResponse(body, headers=headers)

    return pagecache.PageCacheMiddleware(view), made


def test_a_page_is_made_once_and_costs_one_query_then():
    serve, made = middleware()
    serve(RequestFactory().get("/guides/"))
    with CaptureQueriesContext(connection) as queries:
        response = serve(RequestFactory().get("/guides/"))
    assert len(queries) == 1
    assert made == ["/guides/"]
    assert response.content == "<p>乡约</p>".encode()


def test_a_change_puts_every_kept_page_out_of_reach(home, django_capture_on_commit_callbacks):
    serve, made = middleware()
    serve(RequestFactory().get("/"))
    with django_capture_on_commit_callbacks(execute=True):
        home.title = "乡约首页"
        home.save_revision().publish()
    serve(RequestFactory().get("/"))
    assert len(made) == 2


def test_a_transaction_raises_the_version_once(home, django_capture_on_commit_callbacks):
    before = version()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for _ in range(5):
            home.save()
    assert version() == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_raises_nothing():
    ContentVersion.objects.get_or_create(pk=1)
    before = version()
    with transaction.atomic():
        try:
            with transaction.atomic():
                pagecache.bump()
                raise RuntimeError("undone")
        except RuntimeError:
            pass
    assert version() == before
    with transaction.atomic():
        pagecache.bump()
    assert version() == before + 1


def test_reading_and_signing_in_change_nothing(home, django_capture_on_commit_callbacks):
    user = get_user_model().objects.create_superuser("admin", "a@example.com", "secret-pass-1")
    before = version()
    with django_capture_on_commit_callbacks(execute=True):
        Client().force_login(user)
    assert version() == before


@pytest.mark.parametrize("cookies", [{"sessionid": "x"}])
def test_whoever_is_signed_in_gets_a_page_of_their_own(cookies):
    serve, made = middleware()
    for _ in range(2):
        request = RequestFactory().get("/")
        request.COOKIES.update(cookies)
        serve(request)
    assert len(made) == 2


def test_script_and_type_are_kept_apart():
    serve, made = middleware()
    for cookies in ({}, {"script": "hant"}, {"type": "large"}, {"script": "hant", "type": "large"}, {"script": "x"}):
        request = RequestFactory().get("/")
        request.COOKIES.update(cookies)
        serve(request)
    assert len(made) == 4


@pytest.mark.parametrize(
    "headers", [{"Cache-Control": "no-store"}, {"Cache-Control": "private"}, {"Content-Disposition": "attachment"}]
)
def test_what_says_so_is_not_kept(headers):
    serve, made = middleware(**headers)
    for _ in range(2):
        serve(RequestFactory().get("/"))
    assert len(made) == 2


@pytest.mark.parametrize("path", ["/admin/", "/-/ready", "/search/?q=a", "/documents/1/a.pdf"])
def test_some_addresses_are_never_kept(path):
    serve, made = middleware()
    for _ in range(2):
        serve(RequestFactory().get(path))
    assert len(made) == 2


def test_a_browser_that_has_the_page_is_told_so():
    serve, _ = middleware()
    etag = serve(RequestFactory().get("/"))["ETag"]
    response = serve(RequestFactory().get("/", headers={"If-None-Match": etag}))
    assert response.status_code == 304
    assert not response.content


def test_the_page_goes_out_compressed_where_it_is_understood():
    serve, _ = middleware()
    response = serve(RequestFactory().get("/", headers={"Accept-Encoding": "gzip, br"}))
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == "<p>乡约</p>".encode()
    assert "Cookie" in response["Vary"]


def test_security_headers_stand_on_kept_pages_too(home, client):
    for _ in range(2):
        response = client.get("/")
        assert response.status_code == 200
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"


def test_parts_of_every_page_are_read_once_a_version(home, client, django_capture_on_commit_callbacks):
    client.get("/search/?q=zzz")
    with CaptureQueriesContext(connection) as queries:
        client.get("/search/?q=zzz")
    assert not [query for query in queries if "home_sitesettings" in query["sql"]]
    with django_capture_on_commit_callbacks(execute=True):
        settings_of_site = SiteSettings.objects.get()
        settings_of_site.township = "石桥镇"
        settings_of_site.save()
    assert "石桥镇" in client.get("/search/?q=zzz").content.decode()
