"""Guides as the search sees them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from knowledge.guides import search_documents
from knowledge.guides.models import Topic
from search.documents import facet_url, facet_values, sources
from search.models import OutboxEntry

pytestmark = pytest.mark.django_db


def document(page: Any) -> Any:
    (found,) = sources()[page.kind].documents([page.pk])
    return found


def test_a_guide_is_found_by_all_that_it_says(make_page: Any, article: Any, cite: Any) -> None:
    page = make_page(
        title="怎么办离婚",
        slug="lihun",
        summary="先写协议。",
        also_asked="夫妻都同意离，去哪办\n冷静期多久\n",
        topics=("离婚",),
        steps=[("step", {"title": "写协议", "text": "写清楚。"})],
        bring="身份证\n结婚证",
        warnings="别办假离婚",
        who_helps=[("helper", {"name": "司法所", "detail": "问", "phone": ""})],
        body=[("text", "<p>补充<b>一句</b></p>")],
        sources=cite(article(1077)),
        reviewed_on=timezone.localdate(),
    )
    found = document(page)
    assert (found.key, found.kind, found.url) == (f"guide:{page.pk}", "guide", "/guides/lihun/")
    assert (found.title, found.summary, found.label) == ("怎么办离婚", "先写协议。", "婚姻家庭")
    assert found.names == ("夫妻都同意离，去哪办", "冷静期多久")
    assert found.suggest == ("怎么办离婚", *found.names)
    assert (found.topics, found.life_event, found.date) == (("离婚",), "marriage", timezone.localdate())
    for text in ("写协议", "写清楚。", "身份证、结婚证", "别办假离婚", "司法所", "补充一句", "为1077"):
        assert text in found.body
    assert "<" not in found.body
    # The law's own text is found as itself.
    assert "现行条文" not in found.body
    assert found.summary not in found.body
    assert found.cites == (f"article:{article(1077).pk}",)


def test_a_lecture_is_dated_by_its_day(make_page: Any) -> None:
    starts_at = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)  # half past midnight of the 2nd in Shanghai
    found = document(make_page("lesson", lesson_kind="live", starts_at=starts_at))
    assert found.date.isoformat() == "2026-12-02"
    assert "2026年12月2日 00:30" in found.label


def test_a_page_is_located_by_its_slug(make_page: Any) -> None:
    page, draft = make_page(slug="lihun"), make_page(slug="caogao", publish=False)
    assert sources()["guide"].locate([{"slug": slug} for slug in ("lihun", draft.slug, "none", "lihun")]) == [
        page.pk, None, None, page.pk,
    ]  # fmt: skip
    assert sources()["question"].locate([{"slug": "lihun"}]) == [None]


def test_only_what_is_published_is_found(make_page: Any) -> None:
    draft = make_page(publish=False)
    assert list(sources()["guide"].documents([draft.pk])) == []


@pytest.mark.parametrize("kind", ["guide", "question", "story", "lesson"])
def test_every_kind_is_a_source(make_page: Any, kind: str) -> None:
    assert document(make_page(kind)).kind == kind


def test_documents_take_the_same_queries_for_few_and_many(
    make_page: Any, article: Any, cite: Any, django_assert_max_num_queries: Any
) -> None:
    measured = []
    for number in range(5):
        make_page(title=f"第{number}篇", topics=("离婚", f"主题{number}"), sources=cite(article(1077)))
        if number in (0, 4):
            list(sources()["guide"].documents())
            with django_assert_max_num_queries(8) as captured:
                assert len(list(sources()["guide"].documents())) == number + 1
            measured.append(len(captured))
    assert measured[0] == measured[1]


def test_renaming_or_deleting_a_topic_is_told_to_the_search(make_page: Any) -> None:
    guide, story = make_page(topics=("离昏",)), make_page("story", topics=("离昏",))
    make_page("question")
    topic = Topic.objects.get()
    for change in (lambda: topic.save(), lambda: topic.delete()):
        OutboxEntry.objects.all().delete()
        topic.name = "离婚"
        change()
        assert set(OutboxEntry.objects.values_list("source", "object_pk")) == {("guide", guide.pk), ("story", story.pk)}


def test_life_events_are_told_by_their_names() -> None:
    assert facet_values("life_events")["legal-aid"] == "法律援助和打官司"
    assert facet_url("life_events", "marriage") == "/life/marriage/"


def test_related_pages_share_articles_before_topics(make_page: Any, article: Any, cite: Any) -> None:
    from knowledge.guides.related import related_pages

    page = make_page(title="本页", topics=("离婚",), sources=cite(article(1076), article(1077)))
    make_page(title="同主题", topics=("离婚",), life_event="wages")
    make_page(title="同法条", sources=cite(article(1077)), life_event="wages")
    make_page(title="两条都同", sources=cite(article(1077), article(1076)), life_event="wages")
    make_page(title="同事无他", life_event="marriage")
    make_page("question", title="问同主题", topics=("离婚",))
    make_page("story", title="案同主题", topics=("离婚",))
    make_page("story", title="草稿", topics=("离婚",), publish=False)
    related = related_pages(page, page.topic_list)
    assert [other.title for other in related.guides] == ["两条都同", "同法条", "同主题"]
    assert [other.title for other in related.questions] == ["问同主题"]
    assert [other.title for other in related.others] == ["案同主题"]
    assert not related_pages(make_page(title="独一个"), [])


def test_a_page_shows_at_most_a_handful_of_related_ones(make_page: Any) -> None:
    from knowledge.guides.related import LIMIT, related_pages

    page = make_page(topics=("离婚",), reviewed_on=timezone.localdate() - timedelta(days=1))
    for number in range(LIMIT + 3):
        make_page("question", title=f"问{number}", topics=("离婚",))
    assert len(related_pages(page, page.topic_list).questions) == LIMIT


def test_a_result_names_the_first_articles_that_a_page_rests_on(
    make_page: Any, article: Any, cite: Any, django_assert_num_queries: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(search_documents, "CITED_IN_RESULTS", 2)
    pages = [
        make_page(slug="yi", sources=[block for number in (1079, 1077, 1076) for block in cite(article(number))]),
        make_page(slug="er", sources=cite(article(1076))),
        make_page(slug="san"),
    ]
    with django_assert_num_queries(1):
        extras = sources()["guide"].extras([page.pk for page in pages])
    first, second = (extras[page.pk]["cited"] for page in pages[:2])
    assert first == [(article(number).citation, article(number).get_absolute_url()) for number in (1079, 1077)]
    assert len(second) == 1
    assert pages[2].pk not in extras
