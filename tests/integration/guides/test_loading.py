"""Sample content: loaded once, brought up to date, never over an editor's work."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from accounts.models import User
from knowledge.guides import actions
from knowledge.guides.models import GuideIndexPage, GuidePage, LessonPage, QuestionPage, StoryPage, Topic
from knowledge.laws.models import Law
from knowledge.samples import SampleError

pytestmark = pytest.mark.django_db

GUIDE: dict[str, Any] = {
    "title": "怎么办离婚",
    "life_event": "marriage",
    "audience": ["everyone", "women"],
    "topics": ["离婚", "婚姻登记"],
    "short_answer": "先写协议，\n再去申请。",
    "also_asked": ["夫妻都同意离，去哪办"],
    "steps": [{"title": "写协议", "text": "写清楚。"}, {"title": "去申请", "text": "一起去。"}],
    "bring": ["身份证", "结婚证"],
    "cost": "不收费",
    "time": "两个月",
    "warnings": ["别办假离婚"],
    "who_helps": [{"name": "司法所", "detail": "问", "phone": "12348"}, {"name": "村委会", "detail": "", "phone": ""}],
    "cites": [{"law": "民法典", "article": "1076", "why": "书面协议"}],
    "reviewed_by": "乡镇司法所",
    "reviewed_on": "2026-09-15",
}
QUESTION: dict[str, Any] = {
    "slug": "li-hun-ma",
    "title": "离婚要多久？",
    "topics": ["離婚"],
    "short_answer": "一两个月。",
    "answer": "第一段。\n\n第二段 <b>。",
    "guide": "lihun",
    "cites": [{"law": "民法典", "article": 1077}],
}
STORY: dict[str, Any] = {
    "title": "一个案子",
    "life_event": "marriage",
    "summary": "说一句。",
    "what_happened": "甲。",
    "outcome": "乙。",
    "lesson": "丙。",
}
LECTURE: dict[str, Any] = {
    "title": "讲座",
    "life_event": "marriage",
    "summary": "讲一讲。",
    "kind": "live",
    "starts_in_days": 5,
    "duration_minutes": 90,
    "place": "文化站",
    "outline": ["一", "二"],
    "body": "正文。",
}


def write(folder: Path, path: str, content: Any) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One sample of each kind."""
    guide = GUIDE | {"reviewed_on": timezone.localdate() - timedelta(days=60)}
    write(tmp_path, "guides/lihun.yaml", guide)
    write(tmp_path, "questions/marriage.yaml", [QUESTION])
    write(tmp_path, "stories/anli.yaml", STORY)
    write(tmp_path, "lessons/jiangzuo.yaml", LECTURE)
    return tmp_path


def state() -> list[Any]:
    """Everything that a second run could change."""
    pages = Page.objects.order_by("pk").values_list("pk", "slug", "title", "live", "latest_revision", "path")
    return [*pages, PageLogEntry.objects.count(), Topic.objects.count()]


def test_every_kind_is_published_whole(home_page: Any, law: Law, folder: Path) -> None:
    report = actions.load_sample(folder=folder)
    assert report.created == ["guide/lihun", "question/li-hun-ma", "story/anli", "lesson/jiangzuo"]
    assert report.problems == []
    guide = GuidePage.objects.get()
    assert guide.url == "/guides/lihun/"
    assert guide.live
    assert guide.latest_revision is not None
    assert guide.summary == "先写协议， 再去申请。"
    assert guide.audience == ["everyone", "women"]
    assert [block.value["title"] for block in guide.steps] == ["写协议", "去申请"]
    assert guide.bring_list == ["身份证", "结婚证"]
    assert [block.value["phone"] for block in guide.who_helps] == ["12348", ""]
    assert [block.value["article"].number for block in guide.sources] == [1076]
    assert guide.citations.get().why == "书面协议"
    assert guide.review_again_on.year == guide.reviewed_on.year + 1
    question = QuestionPage.objects.get()
    assert question.guide == guide
    assert str(question.body[0].value) == "<p>第一段。</p><p>第二段 &lt;b&gt;。</p>"
    # 離婚 in one file and 离婚 in another are one topic.
    assert {topic.slug for topic in Topic.objects.all()} == {"lihun", "hunyindengji"}
    assert StoryPage.objects.get().outcome == "<p>乙。</p>"
    lecture = LessonPage.objects.get()
    assert timezone.localtime(lecture.starts_at).date() == timezone.localdate() + timedelta(days=5)
    assert lecture.ends_at - lecture.starts_at == timedelta(minutes=90)


def test_a_second_run_changes_nothing(home_page: Any, law: Law, folder: Path) -> None:
    actions.load_sample(folder=folder)
    before = state()
    report = actions.load_sample(folder=folder)
    assert state() == before
    assert len(report.unchanged) == 4
    assert not report.created
    assert not report.updated


def test_the_revisions_say_who_loaded_them(home_page: Any, law: Law, folder: Path) -> None:
    user = User.objects.create_user("admin", password="x")
    actions.load_sample(folder=folder, by=user)
    assert GuidePage.objects.get().latest_revision.user == user


def test_a_lecture_stays_on_its_day_when_it_is_brought_up_to_date(home_page: Any, law: Law, folder: Path) -> None:
    actions.load_sample(folder=folder)
    earlier = timezone.now() - timedelta(days=30)
    PageLogEntry.objects.filter(action="xiangyue.sample").update(timestamp=earlier)
    write(folder, "lessons/jiangzuo.yaml", LECTURE | {"place": "新地方"})
    report = actions.load_sample(folder=folder)
    assert report.updated == ["lesson/jiangzuo"]
    lecture = LessonPage.objects.get()
    assert lecture.place == "新地方"
    assert timezone.localdate(lecture.starts_at) == timezone.localdate(earlier) + timedelta(days=5)


def test_a_changed_sample_changes_its_page_only(home_page: Any, law: Law, folder: Path) -> None:
    actions.load_sample(folder=folder)
    write(folder, "guides/lihun.yaml", GUIDE | {"title": "新题目", "topics": ["离婚"]} | {"reviewed_on": None})
    report = actions.load_sample(folder=folder)
    assert (report.updated, len(report.unchanged)) == (["guide/lihun"], 3)
    guide = GuidePage.objects.get()
    assert guide.title == "新题目"
    assert [topic.name for topic in guide.topic_list] == ["离婚"]
    assert actions.load_sample(folder=folder).updated == []


@pytest.mark.parametrize("publish", [True, False])
def test_what_an_editor_changed_stays(home_page: Any, law: Law, folder: Path, publish: bool) -> None:
    actions.load_sample(folder=folder)
    guide = GuidePage.objects.get()
    guide.title = "编辑改的"
    revision = guide.save_revision()
    if publish:
        revision.publish()
    write(folder, "guides/lihun.yaml", GUIDE | {"title": "新题目"})
    report = actions.load_sample(folder=folder)
    assert report.kept == ["guide/lihun"]
    assert GuidePage.objects.get().title == ("编辑改的" if publish else GUIDE["title"])
    assert GuidePage.objects.get().get_latest_revision_as_object().title == "编辑改的"


def test_what_an_editor_unpublished_deleted_or_moved_stays_so(home_page: Any, law: Law, folder: Path) -> None:
    actions.load_sample(folder=folder)
    GuidePage.objects.get().unpublish()
    StoryPage.objects.get().delete()
    question = QuestionPage.objects.get()
    question.slug = "gai-guo"
    question.save()
    for path, content in (
        ("guides/lihun.yaml", GUIDE | {"title": "新题目"}),
        ("stories/anli.yaml", STORY | {"title": "新题目"}),
    ):
        write(folder, path, content)
    report = actions.load_sample(folder=folder)
    assert (report.kept, report.deleted) == (["guide/lihun"], ["story/anli"])
    assert not GuidePage.objects.get().live
    assert not StoryPage.objects.exists()
    assert QuestionPage.objects.get().slug == "gai-guo"


def test_an_editors_own_page_at_the_address_is_left_alone(
    sections: Any, make_page: Any, law: Law, folder: Path
) -> None:
    make_page(title="编辑自己的", slug="lihun")
    report = actions.load_sample(folder=folder)
    assert report.kept == ["guide/lihun"]
    assert GuidePage.objects.get().title == "编辑自己的"


def test_without_laws_the_sources_follow_later(home_page: Any, folder: Path, request: pytest.FixtureRequest) -> None:
    first = actions.load_sample(folder=folder)
    assert len(first.created) == 4
    assert any("还没有导入法律文本" in problem for problem in first.problems)
    assert not GuidePage.objects.get().sources
    request.getfixturevalue("law")
    second = actions.load_sample(folder=folder)
    assert second.updated == ["guide/lihun", "question/li-hun-ma"]
    assert second.problems == []
    assert GuidePage.objects.get().citations.count() == 1


def test_what_is_not_in_force_is_told(home_page: Any, law: Law, folder: Path) -> None:
    cites = [{"law": "民法典", "article": "9999"}, {"law": "没有的法", "article": "1"}]
    write(folder, "guides/lihun.yaml", GUIDE | {"cites": cites})
    write(folder, "questions/marriage.yaml", [QUESTION | {"guide": "meiyou"}])
    report = actions.load_sample(folder=folder)
    text = "\n".join(report.problems)
    assert "《民法典》现行文本里没有第 9999 条" in text
    assert "《没有的法》" in text
    assert "没有指南 meiyou" in text
    assert "还有" not in str(report)
    assert "新建 4" in str(report)


def test_sections_are_found_by_their_type(home_page: Any, law: Law, folder: Path) -> None:
    actions.load_sample(folder=folder)
    section = GuideIndexPage.objects.get()
    section.slug, section.title = "zhinan", "改名"
    section.save_revision().publish()
    actions.load_sample(folder=folder)
    assert GuideIndexPage.objects.get().slug == "zhinan"
    assert GuidePage.objects.get().url == "/zhinan/lihun/"


def test_nothing_is_left_of_a_load_that_fails(
    home_page: Any, law: Law, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(name: str) -> None:
        if name == "story/anli":
            raise RuntimeError

    with pytest.raises(RuntimeError):
        actions.load_sample(folder=folder, progress=break_off)
    assert not GuidePage.objects.exists()
    assert not GuideIndexPage.objects.exists()


def test_a_site_is_needed(db: None, folder: Path) -> None:
    from wagtail.models import Site

    Site.objects.all().delete()
    with pytest.raises(SampleError, match="no default site"):
        actions.load_sample(folder=folder)
