from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from knowledge.guides.models import GuideIndexPage, GuidePage, KnowledgePage, LessonPage, Topic

pytestmark = pytest.mark.django_db


def test_a_review_is_due_a_year_later(make_page: Any) -> None:
    page = make_page(reviewed_on=date(2026, 9, 15))
    assert page.review_again_on == date(2027, 9, 15)


def test_a_review_cannot_be_due_before_it_was_made(make_page: Any) -> None:
    page = make_page()
    page.reviewed_on = page.review_again_on = date(2026, 9, 15)
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert list(refused.value.message_dict) == ["review_again_on"]


def test_a_review_cannot_lie_in_the_future(make_page: Any) -> None:
    page = make_page()
    page.reviewed_on = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        page.full_clean()


def test_the_database_keeps_reviews_in_order(make_page: Any) -> None:
    page = make_page(reviewed_on=date(2026, 9, 15))
    with pytest.raises(IntegrityError), transaction.atomic():
        KnowledgePage.objects.filter(pk=page.pk).update(review_again_on=date(2026, 9, 14))


def test_pages_past_review_are_found_on_the_day(make_page: Any) -> None:
    page = make_page(reviewed_on=date(2025, 3, 1))
    assert KnowledgePage.objects.past_review(date(2026, 2, 28)).count() == 0
    assert list(KnowledgePage.objects.past_review(date(2026, 3, 1))) == [page.knowledgepage_ptr]


def test_a_page_without_an_address_gets_one_in_pinyin(make_page: Any) -> None:
    first, second = make_page(title="离婚"), make_page(title="离婚")
    assert (first.slug, second.slug) == ("li-hun", "li-hun-2")
    assert make_page(title="？！").slug.startswith("x")


def test_an_address_that_was_given_stays(make_page: Any) -> None:
    page = make_page(title="离婚", slug="lihun")
    page.title = "别的"
    page.save_revision().publish()
    assert GuidePage.objects.get(pk=page.pk).slug == "lihun"


def test_pages_are_found_by_whom_they_are_written_for(make_page: Any) -> None:
    make_page(audience=["women", "elderly"])
    make_page(audience=["everyone"])
    assert KnowledgePage.objects.written_for("women").count() == 1
    # No value is found in the middle of another.
    assert KnowledgePage.objects.written_for("men").count() == 0
    assert KnowledgePage.objects.get(audience__has="elderly").get_audience_display() == ["妇女", "老年人"]


def test_a_topic_is_one_however_it_is_written(make_page: Any) -> None:
    make_page(topics=("離婚", "ＷｉＦｉ"))
    make_page(topics=("离婚", "wifi"))
    assert sorted(Topic.objects.values_list("name", flat=True)) == ["WiFi", "离婚"]
    assert KnowledgePage.objects.about(Topic.objects.get(name="離婚")).count() == 2


def test_topics_have_pinyin_addresses_that_are_never_shared_or_empty(db: None) -> None:
    names = ["离婚", "立婚", "！", "？"]
    slugs = [Topic.objects.create(name=name).slug for name in names]
    assert slugs[:2] == ["lihun", "lihun-2"]
    assert len(set(slugs)) == 4
    assert all(slugs)


def test_a_renamed_topic_keeps_its_address(db: None) -> None:
    topic = Topic.objects.create(name="离婚")
    topic.name = "離婚登記"
    topic.save()
    topic.refresh_from_db()
    assert (topic.name, topic.slug) == ("离婚登记", "lihun")


def test_a_page_has_a_topic_once(make_page: Any) -> None:
    page = make_page(topics=("离婚",))
    link = page.topic_links.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(link).objects.create(tag=link.tag, content_object=page.knowledgepage_ptr)


def test_a_lecture_knows_when_it_ends(make_page: Any) -> None:
    start = timezone.now() + timedelta(hours=1)
    page = make_page("lesson", lesson_kind="live", starts_at=start, duration_minutes=45)
    assert page.ends_at == start + timedelta(minutes=45)
    now = timezone.now()
    assert list(LessonPage.objects.upcoming(now)) == [page]
    assert list(LessonPage.objects.upcoming(start + timedelta(minutes=44))) == [page]
    assert list(LessonPage.objects.upcoming(start + timedelta(minutes=45))) == []
    assert list(LessonPage.objects.held(start + timedelta(minutes=45))) == [page]


def test_the_database_refuses_a_lecture_without_length(make_page: Any) -> None:
    page = make_page("lesson", lesson_kind="live")
    with pytest.raises(IntegrityError), transaction.atomic():
        LessonPage.objects.filter(pk=page.pk).update(duration_minutes=0)


def test_pages_go_where_they_belong(sections: Any) -> None:
    assert GuidePage.can_create_at(sections["guide"])
    assert not GuidePage.can_create_at(sections["question"])
    assert not KnowledgePage.is_creatable
    assert not GuideIndexPage.can_create_at(sections["guide"].get_parent())  # there is one already
