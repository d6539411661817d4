"""A site with its sections, a law of two editions, and pages to fill it with."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page, Site

from accounts.models import User
from home.models import HomePage
from knowledge.guides import actions
from knowledge.guides.models import GuidePage, KnowledgeIndexPage, KnowledgePage, LessonPage, QuestionPage, StoryPage
from knowledge.laws.models import Article, Edition, Law, LawName

TYPES: dict[str, type[KnowledgePage]] = {
    "guide": GuidePage,
    "question": QuestionPage,
    "story": StoryPage,
    "lesson": LessonPage,
}

MakePage = Callable[..., Any]


@pytest.fixture
def home_page(db: None, settings: Any) -> HomePage:
    """The home page of the default site."""
    settings.PAGE_CACHE = False
    home = Page.get_first_root_node().add_child(instance=HomePage(title="乡约", slug="front"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


@pytest.fixture
def sections(home_page: HomePage) -> dict[str, KnowledgeIndexPage]:
    """The pages that list guides, questions, stories and lessons, with their workflow."""
    sections = actions.create_sections(by=None)
    actions.install_workflow()
    return sections


@pytest.fixture
def law(db: None) -> Law:
    """A law with an old and a current edition, each with articles 1076, 1077 and 1079."""
    law = Law.objects.create(
        slug="minfadian", title="中华人民共和国民法典", title_key="民法典", short_title="民法典", kind="statute"
    )
    LawName.objects.create(law=law, name="民法典")
    current = Edition.objects.create(
        law=law, title=law.title, published_on=date(2020, 5, 28), is_current=True, digest="new"
    )
    old = Edition.objects.create(
        law=law, title=law.title, published_on=date(2001, 4, 28), replaced_by=current, digest="old"
    )
    for edition, text in ((current, "现行条文"), (old, "旧条文")):
        for position, number in enumerate((1076, 1077, 1079)):
            label = {1076: "第一千零七十六条", 1077: "第一千零七十七条", 1079: "第一千零七十九条"}[number]
            Article.objects.create(
                edition=edition,
                position=position,
                number=number,
                key=str(number),
                label=label,
                text=f"{text}{number}。",
            )
    return law


@pytest.fixture
def article(law: Law) -> Callable[..., Article]:
    """The article with a number, of the current or the old edition."""

    def find(number: int = 1077, *, current: bool = True) -> Article:
        return Article.objects.select_related("edition__law").get(
            edition__law=law, edition__is_current=current, number=number
        )

    return find


@pytest.fixture
def make_page(sections: dict[str, KnowledgeIndexPage]) -> MakePage:
    """Makes a page of any kind in its section and publishes it; `publish=False` leaves it a draft."""

    def make(kind: str = "guide", *, publish: bool = True, topics: tuple[str, ...] = (), **fields: Any) -> Any:
        required: dict[str, Any] = {"life_event": "marriage", "summary": "先说答案。"}
        if kind == "story":
            required |= {"what_happened": "<p>事情。</p>", "outcome": "<p>结果。</p>", "lesson": "<p>道理。</p>"}
        if kind == "lesson" and fields.get("lesson_kind") == "live":
            required |= {"starts_at": timezone.now() + timedelta(days=3), "place": "文化站"}
        page = TYPES[kind](**(required | {"title": f"题目{kind}", "live": False} | fields))
        page.topics.set(topics)
        sections[kind].add_child(instance=page)
        revision = page.save_revision()
        if publish:
            revision.publish()
        page.refresh_from_db()
        return TYPES[kind].objects.get(pk=page.pk)

    return make


@pytest.fixture
def cite() -> Callable[..., list[tuple[str, dict[str, Any]]]]:
    """The value of a page's sources for some articles."""

    def value(*articles: Article) -> list[tuple[str, dict[str, Any]]]:
        return [("article", {"article": one, "why": f"为{one.number}"}) for one in articles]

    return value


@pytest.fixture
def editor(sections: dict[str, KnowledgeIndexPage]) -> User:
    """Somebody who writes."""
    user = User.objects.create_user("bianji", password="x")
    user.groups.add(Group.objects.get(name="编辑"))
    return user


@pytest.fixture
def reviewer(sections: dict[str, KnowledgeIndexPage]) -> User:
    """Somebody who publishes."""
    user = User.objects.create_user("shenhe", password="x")
    user.groups.add(Group.objects.get(name="审核员"))
    return user
