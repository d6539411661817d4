"""What published pages cite and link to, and what of it is broken."""

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Site

from knowledge.guides.addresses import broken_addresses
from knowledge.guides.models import GuideCitation, PageLink, Topic
from knowledge.laws.models import Article, Law

pytestmark = pytest.mark.django_db


def cited(page: Any) -> list[tuple[int, str]]:
    rows = GuideCitation.objects.filter(page=page.pk).order_by("position")
    return list(rows.values_list("article__number", "why"))


def test_publishing_records_what_a_page_cites(make_page: Any, article: Any, cite: Any) -> None:
    body = [("cited_article", {"article": article(1079), "why": "判离"})]
    page = make_page(sources=cite(article(1077), article(1076)), body=body)
    assert cited(page) == [(1077, "为1077"), (1076, "为1076"), (1079, "判离")]
    assert list(article(1079).guide_citations.values_list("page", flat=True)) == [page.pk]


def test_an_article_cited_twice_is_one_row(make_page: Any, article: Any, cite: Any) -> None:
    page = make_page(sources=cite(article(1077), article(1077)))
    assert cited(page) == [(1077, "为1077")]


def test_a_draft_changes_nothing_until_it_is_published(make_page: Any, article: Any, cite: Any) -> None:
    draft = make_page(publish=False, sources=cite(article(1077)))
    assert cited(draft) == []
    page = make_page(sources=cite(article(1077)))
    page.sources = cite(article(1079))
    revision = page.save_revision()
    assert cited(page) == [(1077, "为1077")]
    revision.publish()
    assert cited(page) == [(1079, "为1079")]


def test_an_unpublished_or_deleted_page_cites_nothing(make_page: Any, article: Any, cite: Any) -> None:
    page = make_page(sources=cite(article(1077)), cost='见 <a href="/x/">')
    page.unpublish()
    assert cited(page) == []
    page.save_revision().publish()
    assert cited(page) == [(1077, "为1077")]
    page.delete()
    assert not GuideCitation.objects.exists()
    assert not PageLink.objects.exists()


def test_an_article_that_goes_takes_its_citations_along(
    make_page: Any, article: Any, cite: Any, client: Client
) -> None:
    page = make_page(sources=cite(article(1077), article(1076)))
    article(1077).delete()
    assert cited(page) == [(1076, "为1076")]
    html = client.get(page.url).content.decode()
    assert html.count("<details") == 1
    # Published again, the page still tells what it lost.
    page.refresh_from_db()
    page.save_revision().publish()
    assert cited(page) == [(1076, "为1076")]
    assert PageLink.objects.filter(page=page.pk, kind="article").count() == 2


@pytest.fixture
def document(db: None) -> Any:
    return get_document_model().objects.create(title="表", file="documents/a.pdf")


def test_publishing_records_links(make_page: Any, document: Any) -> None:
    html = (
        f'<p><a linktype="page" id="1">甲</a><a linktype="document" id="{document.pk}">乙</a><a href="/x/">丙</a></p>'
    )
    page = make_page("story", what_happened=html, outcome=html)
    assert set(PageLink.objects.filter(page=page.pk).values_list("kind", "target")) == {
        ("page", "1"),
        ("document", str(document.pk)),
        ("address", "/x/"),
    }


def test_addresses_of_this_site_are_looked_up(
    make_page: Any, law: Law, article: Any, sections: Any, settings: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://xiangyue.example.cn"
    Site.objects.update(hostname="www.example.cn", port=80)
    page = make_page(slug="lihun")
    draft = make_page(publish=False, slug="caogao")
    moved = Redirect.objects.create(old_path="/guides/jiu", redirect_page=page)
    Topic.objects.create(name="离婚")
    lecture = make_page("lesson", slug="ke", lesson_kind="live")
    there = {
        "/",
        "/guides/",
        "/guides/lihun/",
        "/guides/lihun/?print=1#steps",
        f"{lecture.url}calendar/",
        moved.old_path + "/",
        "https://xiangyue.example.cn/guides/lihun/",
        "http://www.example.cn/guides/lihun/",
        "/laws/",
        "/laws/minfadian/",
        "/laws/minfadian/1077/",
        "/laws/minfadian/@2001-04-28/",
        "/laws/minfadian/@2001-04-28/1077/",
        "/life/marriage/",
        "/topics/lihun/",
        "/search/?q=离婚",
    }
    missing = {
        "/guides/meiyou/",
        f"/guides/{draft.slug}/",
        "https://xiangyue.example.cn/guides/meiyou/",
        "http://www.example.cn/guides/meiyou/",
        "/laws/meiyou/",
        "/laws/minfadian/9999/",
        "/laws/minfadian/@1999-01-01/",
        "/laws/minfadian/@2001-04-28/9999/",
        "/topics/meiyou/",
    }
    assert broken_addresses(there | missing) == missing


def test_other_addresses_are_read_and_not_opened(sections: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_args: pytest.fail("a link was opened"))
    sound = {
        "https://www.court.gov.cn/a.html",
        "http://例子.中国/页",
        "mailto:a@example.cn",
        "tel:12348",
        "#steps",
    }
    wrong = {
        "www.court.gov.cn",
        "http:/www.court.gov.cn",
        "https://",
        "https://court",
        "//court.gov.cn/x",
        "javascript:alert(1)",
        "mailto:",
        "guides/lihun/",
        "http://[::1",
    }
    assert broken_addresses(sound | wrong) == wrong


def test_a_links_fate_is_told_by_kind(make_page: Any, document: Any, article: Any, cite: Any) -> None:
    from knowledge.guides.health import examine

    target = make_page(slug="mubiao")
    html = (
        f'<p><a linktype="page" id="{target.pk}">甲</a><a linktype="document" id="{document.pk}">乙</a>'
        '<a href="/guides/mubiao/">丙</a></p>'
    )
    page = make_page("story", what_happened=html, sources=cite(article(1077)), reviewed_on="2026-09-15")
    page.refresh_from_db()
    assert [finding.text for finding in examine(page)] == []
    target.unpublish()
    document.delete()
    Article.objects.filter(pk=article(1077).pk).delete()
    page = type(page).objects.get(pk=page.pk)
    texts = " ".join(finding.text for finding in examine(page))
    for told in ("链接到的页面已删除", "文件已从文件库删除", "引用的法条已不存在", "网址打不开：/guides/mubiao/"):
        assert told in texts
