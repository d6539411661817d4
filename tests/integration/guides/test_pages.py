import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model

pytestmark = pytest.mark.django_db


def soup_of(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def guide(make_page: Any, article: Any, cite: Any) -> Any:
    """A guide with everything."""
    return make_page(
        title="怎么办离婚",
        summary="先写协议再申请。",
        audience=["women"],
        topics=("离婚",),
        steps=[
            ("step", {"title": "写协议", "text": "按《民法典》第一千零七十六条写。"}),
            ("step", {"title": "去申请", "text": "等三十天 <script>alert(1)</script>。"}),
        ],
        bring="身份证\n\n结婚证\n",
        cost="不收费",
        time="两个月",
        warnings="别办假离婚",
        who_helps=[("helper", {"name": "司法所", "detail": "问一问", "phone": "0571 12348"})],
        sources=cite(article(1076), article(1077)),
        reviewed_on=timezone.localdate() - timedelta(days=30),
        reviewed_by="乡镇司法所",
    )


def test_a_guide_answers_first(client: Client, guide: Any) -> None:
    page = soup_of(client, guide.url)
    headings = [heading.get_text(strip=True) for heading in page.select("main h1, main h2")]
    assert headings == ["怎么办离婚", "先说答案", "怎么办", "特别注意", "准备好", "找谁帮忙", "法律依据"]
    assert page.select_one(".answer__text").get_text() == "先写协议再申请。"
    assert [step.get_text() for step in page.select(".step__title")] == ["写协议", "去申请"]
    assert [thing.get_text() for thing in page.select(".ticks li")] == ["身份证", "结婚证"]
    assert page.select_one("a[href='tel:057112348']")
    assert page.select_one("a[href='/topics/lihun/']").get_text() == "离婚"
    assert page.select_one("a[href='/life/marriage/']")
    assert "妇女" in page.select_one(".doc__facts").get_text()


def test_a_guide_shows_the_text_of_what_it_cites(client: Client, guide: Any) -> None:
    first, second = soup_of(client, guide.url).select("details.source")
    assert "《民法典》第一千零七十六条" in first.get_text()
    assert "为1076" in first.get_text()
    assert "现行条文1076。" in first.get_text()
    assert second.select_one("a[href='/laws/minfadian/1077/']")


def test_citations_in_the_text_become_links(client: Client, guide: Any) -> None:
    text = soup_of(client, guide.url).select_one(".step__text")
    assert text.select_one("a[href='/laws/minfadian/1076/']").get_text() == "《民法典》第一千零七十六条"


def test_what_an_editor_types_is_never_markup(client: Client, guide: Any) -> None:
    html = client.get(guide.url).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_no_page_holds_what_the_security_policy_refuses(client: Client, guide: Any, make_page: Any) -> None:
    others = [make_page(kind) for kind in ("question", "story", "lesson")]
    for page in [guide, *others]:
        html = client.get(page.url).content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)", html)


def test_an_article_of_a_replaced_edition_says_so(client: Client, make_page: Any, article: Any, cite: Any) -> None:
    page = soup_of(client, make_page(sources=cite(article(1076, current=False))).url)
    source = page.select_one("details.source")
    assert "已被新的版本取代" in source.get_text()
    assert source.select_one("a[href='/laws/minfadian/']")


def test_a_question_is_marked_up_for_machines(client: Client, make_page: Any, guide: Any) -> None:
    question = make_page("question", title="离婚要多久？", guide=guide, body=[("text", "<p>细说<b>两句</b>。</p>")])
    page = soup_of(client, question.url)
    root = page.select_one("[itemtype='https://schema.org/QAPage']")
    assert root.select_one("[itemprop=mainEntity] [itemprop=name]").get_text(strip=True) == "离婚要多久？"
    answer = root.select_one("[itemprop=acceptedAnswer] [itemprop=text]").get_text()
    assert "先说答案。" in answer
    assert "细说两句。" in answer
    assert page.select_one(f".next-step a[href='{guide.url}']")


def test_a_question_does_not_point_to_a_guide_that_is_gone(client: Client, make_page: Any, guide: Any) -> None:
    question = make_page("question", guide=guide)
    guide.unpublish()
    assert not soup_of(client, question.url).select(".next-step")
    guide.delete()
    question.refresh_from_db()
    assert question.guide is None


def test_a_story_tells_what_happened_how_it_ended_and_what_it_teaches(client: Client, make_page: Any) -> None:
    page = soup_of(client, make_page("story").url)
    sections = [part.get_text(" ", strip=True) for part in page.select(".chapter")]
    assert sections == ["发生了什么 事情。", "结果怎样 结果。", "这个案例说明什么 道理。"]


def test_a_lecture_says_when_and_where_and_goes_into_the_calendar(client: Client, make_page: Any) -> None:
    start = timezone.now().replace(microsecond=0) + timedelta(days=3)
    lecture = make_page(
        "lesson",
        title="讲座，一次",
        lesson_kind="live",
        starts_at=start,
        place="文化站",
        link="https://live.example.cn/",
        outline="第一点\n第二点",
    )
    page = soup_of(client, lecture.url)
    assert page.select_one(".state").get_text() == "即将开始"
    assert page.select_one("[itemprop=startDate]")["datetime"] == timezone.localtime(start).isoformat()
    assert page.select_one("a[href='https://live.example.cn/']")
    calendar_url = page.select_one("a[href$='/calendar/']")["href"]
    response = client.get(calendar_url)
    assert response["Content-Type"].startswith("text/calendar")
    lines = response.content.decode().replace("\r\n ", "").split("\r\n")
    assert start.strftime("DTSTART:%Y%m%dT%H%M%SZ") in lines
    assert "SUMMARY:讲座，一次" in lines
    assert f"URL:http://testserver{lecture.url}" in lines
    assert "LOCATION:文化站" in lines


def test_a_lecture_that_is_over_offers_its_recording_instead(client: Client, make_page: Any) -> None:
    lecture = make_page(
        "lesson",
        lesson_kind="live",
        starts_at=timezone.now() - timedelta(days=1),
        recording_link="https://v.example.cn/1",
    )
    page = soup_of(client, lecture.url)
    assert page.select_one(".state").get_text() == "已结束"
    assert not page.select("a[href$='/calendar/']")
    assert page.select_one("a[href='https://v.example.cn/1']")


def test_a_lesson_to_read_has_no_calendar(client: Client, make_page: Any) -> None:
    lesson = make_page("lesson")
    assert client.get(f"{lesson.url}calendar/").status_code == 404
    assert not soup_of(client, lesson.url).select(".state")


def test_no_cache_keeps_a_lecture_beyond_its_beginning(client: Client, make_page: Any) -> None:
    lecture = make_page("lesson", lesson_kind="live", starts_at=timezone.now() + timedelta(minutes=10))
    max_age = re.search(r"max-age=(\d+)", client.get(lecture.url)["Cache-Control"])
    assert 0 < int(max_age.group(1)) <= 600


def test_a_document_that_is_gone_leaves_no_hole(client: Client, make_page: Any) -> None:
    document = get_document_model().objects.create(title="表格", file="documents/form.pdf")
    page = make_page(
        body=[
            ("downloads", [{"document": document, "title": "申请表"}]),
            ("notice", {"kind": "warning", "title": "", "text": "注意了"}),
            ("table", {"data": [["项目", "金额"], ["诉讼费", "50 元"]], "first_row_is_table_header": True}),
        ]
    )
    html = soup_of(client, page.url)
    assert "申请表" in html.select_one(".download").get_text()
    assert [cell.get_text() for cell in html.select("th")] == ["项目", "金额"]
    assert "注意了" in html.select_one(".notice").get_text()
    document.delete()
    assert not soup_of(client, page.url).select(".download")


@pytest.mark.parametrize("kind", ["guide", "question", "story", "lesson"])
def test_the_number_of_queries_does_not_grow_with_the_content(
    client: Client, make_page: Any, article: Any, cite: Any, kind: str, django_assert_max_num_queries: Any
) -> None:
    bare = make_page(kind, sources=cite(article(1076)), topics=("离婚",))
    rich = make_page(
        kind,
        sources=cite(article(1076), article(1077), article(1079), article(1076, current=False)),
        topics=("离婚", "彩礼", "抚养费"),
        summary="见《民法典》第一千零七十六条、第一千零七十七条和第一千零七十九条。",
    )
    for number in range(6):
        make_page("question", title=f"问{number}", sources=cite(article(1076)), topics=("离婚", "彩礼"))
    client.get(bare.url)  # fills the caches of sites and content types
    counts = []
    for page in (bare, rich):
        with django_assert_max_num_queries(24) as captured:
            assert client.get(page.url).status_code == 200
        counts.append(len(captured))
    # A text that names articles costs two more: what the names mean, and the articles.
    assert counts[1] <= counts[0] + 2


@pytest.mark.parametrize("kind", ["guide", "question", "story", "lesson"])
def test_every_kind_can_be_previewed_before_it_is_saved(
    sections: Any, kind: str, make_page: Any, article: Any, cite: Any
) -> None:
    page = make_page(kind, publish=False, title="预览里的题目", sources=cite(article(1076)))
    page.title = "改过没存的题目"
    response = page.make_preview_request()
    assert response.status_code == 200
    assert "改过没存的题目" in response.content.decode()


def test_the_page_cache_lets_a_lecture_go_when_it_begins(
    client: Client, make_page: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from home import pagecache

    kept: list[float] = []
    lecture = make_page("lesson", lesson_kind="live", starts_at=timezone.now() + timedelta(seconds=100))
    lesson = make_page("lesson", title="课")
    settings.PAGE_CACHE = True
    for page in (lecture, lesson):
        cache = pagecache.caches["pages"]
        monkeypatch.setattr(cache, "set", lambda _key, _value, seconds: kept.append(seconds), raising=False)
        assert client.get(page.url).status_code == 200
    assert kept[0] <= 100
    assert kept[1] == pagecache.KEEP_SECONDS
