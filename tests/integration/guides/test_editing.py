"""Writing, reviewing and publishing in the back office."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import GroupPagePermission, Page, Workflow
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from accounts.models import User
from knowledge import workflow
from knowledge.guides import actions
from knowledge.guides.models import GuidePage, KnowledgeIndexPage, LessonPage, StoryPage

pytestmark = pytest.mark.django_db


def shown(response: Any) -> str:
    """A back-office page with what its scripts will show: Chinese in JSON is escaped."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), response.content.decode())


def guide_form(article: Any, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a guide."""
    source = ("article", {"article": str(article.pk), "why": "依据"})
    data = {
        "title": "新指南",
        "slug": "",
        "summary": "答案。",
        "also_asked": "换句话问",
        "steps": streamfield([("step", {"title": "第一步", "text": "去办。"})]),
        "bring": "身份证",
        "cost": "",
        "time": "",
        "warnings": "",
        "who_helps": streamfield([("helper", {"name": "司法所", "detail": "", "phone": "12348"})]),
        "sources": streamfield([source]),
        "body": streamfield([]),
        "life_event": "marriage",
        "topics": "離婚、彩礼",
        "reviewed_on": "",
        "reviewed_by": "",
        "reviewer": "",
        "review_again_on": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0},
    }
    audience = changes.pop("audience", ["women"])
    return nested_form_data(data | changes) | {"audience": audience}


def add_url(sections: dict[str, KnowledgeIndexPage], model: str = "guidepage", kind: str = "guide") -> str:
    return reverse("wagtailadmin_pages:add", args=["guides", model, sections[kind].pk])


def test_an_editor_submits_and_a_reviewer_publishes(
    client: Client, sections: Any, article: Any, editor: User, reviewer: User
) -> None:
    client.force_login(editor)
    form = client.get(add_url(sections)).content.decode()
    assert "action-submit" in form
    assert 'name="action-publish"' not in form
    client.post(add_url(sections), guide_form(article(1077)) | {"action-submit": "1"})
    page = GuidePage.objects.get()
    assert not page.live
    assert page.slug == "xin-zhi-nan"
    assert client.get(page.url).status_code == 404

    # An editor cannot publish, not even by asking for it.
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), guide_form(article(1077)) | {"action-publish": "1"})
    assert not GuidePage.objects.get().live

    client.force_login(reviewer)
    task_state = page.current_workflow_task_state
    assert task_state.task.name == workflow.TASK
    client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task_state.pk]), {"comment": "可以"}
    )
    page = GuidePage.objects.get()
    assert page.live
    assert {topic.name for topic in page.topic_list} == {"离婚", "彩礼"}
    assert page.audience == ["women"]
    assert client.get(page.url).status_code == 200


def test_a_reviewer_sends_a_page_back(
    client: Client, sections: Any, article: Any, editor: User, reviewer: User
) -> None:
    client.force_login(editor)
    client.post(add_url(sections), guide_form(article(1077)) | {"action-submit": "1"})
    page = GuidePage.objects.get()
    client.force_login(reviewer)
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", state.pk])
    client.post(url, {"comment": "第二步再写清楚"})
    state.refresh_from_db()
    assert (state.status, state.comment) == ("rejected", "第二步再写清楚")
    assert not GuidePage.objects.get().live


def test_the_workflow_is_installed_once_and_left_alone(sections: Any) -> None:
    section = sections["guide"]
    GroupPagePermission.objects.filter(
        page=section, group__name=workflow.EDITORS, permission__codename="change_page"
    ).delete()
    before = set(GroupPagePermission.objects.values_list("group__name", "page", "permission"))
    actions.install_workflow()
    assert set(GroupPagePermission.objects.values_list("group__name", "page", "permission")) == before
    assert Workflow.objects.filter(name=workflow.WORKFLOW).count() == 1
    assert section.get_workflow().name == workflow.WORKFLOW


def test_an_editor_works_in_the_sections_and_nowhere_else(client: Client, sections: Any, editor: User) -> None:
    home = sections["guide"].get_parent()
    assert sections["story"].permissions_for_user(editor).can_add_subpage()
    assert not sections["story"].permissions_for_user(editor).can_publish_subpage()
    assert not home.permissions_for_user(editor).can_edit()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reviewed_on": "2026-09-15", "review_again_on": "2026-09-01"}, "下次复核日期要晚于审核日期"),
        ({"reviewed_on": "2999-01-01"}, "审核日期不能晚于今天"),
        ({"audience": []}, "至少选择一项"),
        (
            {"who_helps": streamfield([("helper", {"name": "司法所", "detail": "", "phone": "打电话"})])},
            "电话只能有数字",
        ),
    ],
)
def test_a_mistake_is_told_in_chinese(
    client: Client, sections: Any, article: Any, reviewer: User, changes: dict[str, Any], told: str
) -> None:
    client.force_login(reviewer)
    response = client.post(add_url(sections), guide_form(article(1077), **changes) | {"action-publish": "1"})
    assert response.status_code == 200
    assert told in shown(response)
    assert not GuidePage.objects.exists()


def lesson_form(**changes: Any) -> dict[str, Any]:
    data = {
        "title": "讲座",
        "slug": "",
        "summary": "介绍。",
        "lesson_kind": "live",
        "starts_at": "",
        "duration_minutes": "60",
        "place": "",
        "link": "",
        "lecturer": "",
        "lecturer_title": "",
        "outline": "",
        "body": streamfield([]),
        "materials": streamfield([]),
        "recording": "",
        "recording_link": "",
        "sources": streamfield([]),
        "life_event": "wages",
        "topics": "",
        "reviewed_on": "",
        "reviewed_by": "",
        "reviewer": "",
        "review_again_on": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0},
    }
    return nested_form_data(data | changes) | {"audience": ["workers"]}


def test_a_lecture_is_drafted_without_a_time_and_published_with_one(
    client: Client, sections: Any, reviewer: User
) -> None:
    client.force_login(reviewer)
    url = add_url(sections, "lessonpage", "lesson")
    refused = client.post(url, lesson_form() | {"action-publish": "1"}).content.decode()
    assert "直播讲座要有开始时间才能发布" in refused
    assert "写上地点，或者填写收看网址" in refused
    client.post(url, lesson_form())
    draft = LessonPage.objects.get()
    assert not draft.live
    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    complete = lesson_form(slug=draft.slug, starts_at="2026-12-01 19:00", place="文化站")
    client.post(edit, complete | {"action-publish": "1"})
    lecture = LessonPage.objects.get()
    assert lecture.live
    assert timezone.localtime(lecture.starts_at).strftime("%m-%d %H:%M") == "12-01 19:00"
    assert lecture.ends_at == lecture.starts_at + timedelta(minutes=60)


def test_rich_text_keeps_no_slanted_text(client: Client, sections: Any, reviewer: User) -> None:
    client.force_login(reviewer)
    data = {
        "title": "案例",
        "slug": "anli",
        "summary": "说明。",
        "what_happened": rich_text("<p>甲<i>斜</i><b>粗</b></p><script>x</script>"),
        "outcome": rich_text("<p>乙</p>"),
        "lesson": rich_text("<p>丙</p>"),
        "sources": streamfield([]),
        "life_event": "wages",
        "topics": "",
        "reviewed_on": "",
        "reviewed_by": "",
        "reviewer": "",
        "review_again_on": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0},
        "action-publish": "1",
    }
    client.post(add_url(sections, "storypage", "story"), nested_form_data(data) | {"audience": ["everyone"]})
    text = StoryPage.objects.get().what_happened
    assert "<b>粗</b>" in text
    assert "<i>" not in text
    assert "<script" not in text


def test_a_video_needs_a_file_or_an_address(sections: Any) -> None:
    from django.core.exceptions import ValidationError
    from wagtail.documents import get_document_model

    from knowledge.guides.blocks import VideoBlock

    block = VideoBlock()
    empty = {"title": "看", "file": None, "link": "", "transcript": ""}
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python(empty))
    assert "选一个视频文件" in str(refused.value.block_errors["file"])
    word = get_document_model().objects.create(title="表", file="documents/a.docx")
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python(empty | {"file": word.pk}))
    assert "MP4" in str(refused.value.block_errors["file"])
    assert block.clean(block.to_python(empty | {"link": "https://v.example.cn/1"}))


def test_a_page_goes_live_at_its_hour_and_not_before(client: Client, make_page: Any, article: Any, cite: Any) -> None:
    page = make_page(publish=False, slug="dingshi", sources=cite(article(1077)))
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert client.get("/guides/dingshi/").status_code == 404
    assert not article(1077).guide_citations.exists()
    page.refresh_from_db()
    revision = page.scheduled_revision
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"] = json.loads(json.dumps(revision.approved_go_live_at.isoformat()))
    revision.save()
    call_command("publish_scheduled")
    assert client.get("/guides/dingshi/").status_code == 200
    assert article(1077).guide_citations.count() == 1


def test_an_old_address_leads_to_the_new_one(
    client: Client, make_page: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = make_page(slug="jiu")
    with django_capture_on_commit_callbacks(execute=True):
        page.slug = "xin"
        page.save_revision().publish()
    response = client.get("/guides/jiu/")
    assert (response.status_code, response["Location"]) == (301, "/guides/xin/")


def test_a_moved_page_is_found_at_its_old_address(
    client: Client, make_page: Any, sections: Any, django_capture_on_commit_callbacks: Any
) -> None:
    page = make_page(slug="ban")
    home = Page.objects.get(pk=sections["guide"].get_parent().pk)
    with django_capture_on_commit_callbacks(execute=True):
        Page.objects.get(pk=page.pk).move(home, pos="last-child")
    assert Redirect.objects.filter(old_path="/guides/ban").exists()
    response = client.get("/guides/ban/")
    assert (response.status_code, response["Location"]) == (301, "/ban/")


def test_topics_are_renamed_in_one_place(client: Client, make_page: Any, admin_client: Client) -> None:
    page = make_page(topics=("离昏",))
    topic = page.topics.get()
    response = admin_client.get(reverse("topics:index"))
    assert "离昏" in response.content.decode()
    admin_client.post(reverse("topics:edit", args=[topic.pk]), {"name": "離婚", "slug": topic.slug})
    assert [one.name for one in GuidePage.objects.get(pk=page.pk).topic_list] == ["离婚"]
