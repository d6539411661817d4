"""Wagtail's own search boxes, on the database of this pass: SQLite, then PostgreSQL."""

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, And, Not, Or, Phrase, PlainText

TITLES = {
    "divorce": "两口子商量好了离婚，怎么办手续",
    "wages": "公司拖欠工资怎么要回来",
    "traditional": "農村土地承包經營權證書補發",
    "latin": "Wi-Fi 密码被邻居用了怎么办",
    "rent": "租房合同里的押金能退吗",
}


@pytest.fixture
def pages(db):
    root = Page.get_first_root_node()
    return {slug: root.add_child(instance=Page(title=title, slug=slug)) for slug, title in TITLES.items()}


@pytest.fixture
def backend():
    return get_search_backend()


def found(results):
    return {page.slug for page in results} & set(TITLES)


def test_the_project_uses_the_backend_of_its_database(backend):
    expected = {"sqlite": "ChineseSQLiteSearchBackend", "postgresql": "ChinesePostgresSearchBackend"}
    assert type(backend).__name__ == expected[connection.vendor]


@pytest.mark.parametrize("method", ["search", "autocomplete"])
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("离婚", {"divorce"}),
        ("工资", {"wages"}),
        ("手续", {"divorce"}),
        ("离婚 手续", {"divorce"}),
        ("怎么", {"divorce", "wages", "latin"}),
        ("婚", {"divorce"}),
        ("土地承包", {"traditional"}),
        ("承包經營", {"traditional"}),
        ("離婚", {"divorce"}),
        ("ＷＩ－ＦＩ", {"latin"}),
        ("wi-fi 密码", {"latin"}),
        ("婚离", set()),
        ("工资 离婚", set()),
        ("！？。", set()),
        ("", set()),
        ('"离婚', {"divorce"}),
        ("离婚 AND NOT * ( : ^ '", set()),
        ("押金\x00", {"rent"}),
        ("离婚" * 50_000, set()),
    ],
)
def test_words_are_found_in_the_middle_of_titles(pages, backend, method, query, slugs):
    assert found(getattr(backend, method)(query, Page)) == slugs


def test_autocomplete_takes_the_beginning_of_a_latin_word(pages, backend):
    pages["latin"].title = "wechat 转账记录能当证据吗"
    pages["latin"].save()
    assert found(backend.autocomplete("wec", Page)) == {"latin"}
    assert found(backend.search("wec", Page)) == set()
    assert found(backend.autocomplete("转账 wec", Page)) == {"latin"}


def test_query_objects(pages, backend):
    def search(query):
        return found(backend.search(query, Page))

    assert search(Phrase("拖欠工资")) == {"wages"}
    assert search(Phrase("工资拖欠")) == set()
    assert search(Or([PlainText("工资"), PlainText("押金")])) == {"wages", "rent"}
    assert search(And([PlainText("怎么"), Not(PlainText("离婚"))])) == {"wages", "latin"}
    assert search(And([PlainText("怎么"), PlainText("，。")])) == {"divorce", "wages", "latin"}
    assert search(Or([Phrase("，"), PlainText("，。")])) == set()
    assert search(PlainText("工资押金", operator="or")) == {"wages", "rent"}
    assert search(MATCH_ALL) == set(TITLES)


def test_fields_narrow_the_search(pages, backend):
    assert found(backend.search("离婚", Page, fields=["title"])) == {"divorce"}
    assert found(backend.autocomplete("离婚", Page, fields=["title"])) == {"divorce"}


def test_filters_order_and_count_still_work(pages, backend):
    results = backend.search(
        "怎么", Page.objects.exclude(title=TITLES["latin"]).order_by("title"), order_by_relevance=False
    )
    assert results.count() == 2
    assert [page.slug for page in results[:2]] == ["divorce", "wages"]


def test_a_change_is_found_and_what_was_is_not(pages, backend):
    page = pages["rent"]
    page.title = "房东不退定金"
    page.save()
    assert found(backend.search("定金", Page)) == {"rent"}
    assert found(backend.search("押金", Page)) == set()
    page.delete()
    assert found(backend.search("定金", Page)) == set()


def test_the_whole_index_can_be_written_anew(pages, backend):
    from django.core.management import call_command

    backend.reset_indexes()
    assert found(backend.search("离婚", Page)) == set()
    call_command("wagtail_update_index", verbosity=0)
    assert found(backend.search("离婚", Page)) == {"divorce"}


def test_images_with_their_tags(db, backend, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = Image.objects.create(title="村委会门口的公示栏", file=get_test_image_file())
    image.tags.add("宅基地")
    image.save()
    assert list(backend.search("公示", Image)) == [image]
    assert list(backend.search("宅基地", Image)) == [image]
    assert list(backend.search("广场", Image)) == []


def test_the_back_office_finds_pages(pages, admin_client):
    response = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": "拖欠工资"})
    assert response.status_code == 200
    assert TITLES["wages"] in response.content.decode()
    assert TITLES["divorce"] not in response.content.decode()
