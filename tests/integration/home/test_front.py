"""The home page: what it shows, what it leaves out, how few questions it asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertInHTML
from wagtail.models import Page, PageViewRestriction, Site

from home.front import NEW_OF_EACH_KIND, front
from home.models import HomePage, PromotedPage, SiteSettings
from home.visibility import open_to_all
from knowledge.covenants.models import CovenantIndexPage, CovenantPage
from knowledge.guides.models import (
    GuideIndexPage,
    GuidePage,
    LessonIndexPage,
    LessonPage,
    QuestionIndexPage,
    QuestionPage,
)
from knowledge.laws.models import Law

NOW = timezone.now()


def add(parent: Page, model: type[Page], number: int = 1, **fields: Any) -> Any:
    """Publish a page; its fields need only be good enough to be listed."""
    fields = {"title": f"{model.__name__} {number}", "slug": f"{model.__name__.lower()}-{number}"} | fields
    return parent.add_child(instance=model(first_published_at=NOW + timedelta(minutes=number), **fields))


@pytest.fixture
def sections(home_page: HomePage) -> dict[str, Page]:
    """The sections that the tests publish in."""
    models = {"guides": GuideIndexPage, "questions": QuestionIndexPage, "lessons": LessonIndexPage}
    models |= {"covenants": CovenantIndexPage}
    return {slug: add(home_page, model, title=slug, slug=slug) for slug, model in models.items()}


def lecture(section: Page, number: int, *, starts: timedelta, **fields: Any) -> LessonPage:
    return add(
        section,
        LessonPage,
        number,
        summary="x",
        life_event="wages",
        lesson_kind="live",
        starts_at=timezone.now() + starts,
        duration_minutes=60,
        **fields,
    )


@pytest.fixture
def filled(home_page: HomePage, sections: dict[str, Page]) -> HomePage:
    """A home page with something in every part."""
    for number in range(5):
        add(sections["guides"], GuidePage, number, summary="答案", life_event="marriage")
        add(sections["questions"], QuestionPage, number, summary="答案", life_event="wages")
        lecture(sections["lessons"], number, starts=timedelta(days=number + 1), place="文化站")
        add(sections["covenants"], CovenantPage, number, summary="约定", village="东村")
    for number in range(3):
        Law.objects.create(
            slug=f"fa-{number}", title=f"法{number}", title_key=f"法{number}", short_title=f"法{number}", kind="statute"
        )
    guide = GuidePage.objects.first()
    PromotedPage.objects.create(home=home_page, page=guide, text="请先看这个")
    return home_page


# --- what it shows ---------------------------------------------------------------------------------------------


def test_a_new_site_has_a_front_door_too(client: Client, home_page: HomePage) -> None:
    html = client.get("/").content.decode()
    assert "遇到什么事？先问一问" in html
    assert "指南正在编写" in html
    assert "最新发布" not in html
    assert "村规民约" not in html


def test_everything_has_its_place(client: Client, filled: HomePage) -> None:
    html = client.get("/").content.decode()
    for text in ["婚姻家庭", "打工工资", "最新发布", "讲座预告", "文化站", "重点推荐", "请先看这个", "共 3 部", "约定"]:
        assert text in html
    assert "继承遗嘱" not in html, "a life event without pages leads nowhere"


def test_the_examples_are_searches(client: Client, home_page: HomePage) -> None:
    home_page.example_questions = " 狗咬人 & 赔 \n\n"
    home_page.save()
    html = client.get("/").content.decode()
    assert "?q=%E7%8B%97%E5%92%AC%E4%BA%BA+%26+%E8%B5%94" in html
    assert html.count('hero__example"') == 1


def test_the_newest_of_each_kind_are_shown_and_no_lecture_among_them(filled: HomePage) -> None:
    new = front(filled).new
    assert [page.title for page in new] == ["QuestionPage 4", "GuidePage 4", "QuestionPage 3", "GuidePage 3"]
    assert len(new) == 2 * NEW_OF_EACH_KIND


def test_a_lecture_is_shown_until_it_ends(home_page: HomePage, sections: dict[str, Page]) -> None:
    section = sections["lessons"]
    lecture(section, 1, starts=timedelta(hours=-2), title="过了")
    lecture(section, 2, starts=timedelta(minutes=-30), title="正在讲")
    lecture(section, 3, starts=timedelta(days=3), title="三天后")
    lecture(section, 4, starts=timedelta(days=1), title="明天")
    assert [page.title for page in front(home_page).lectures] == ["正在讲", "明天", "三天后"]
    later = timezone.now() + timedelta(days=2)
    assert [page.title for page in front(home_page, later).lectures] == ["三天后"]


def test_drafts_and_private_pages_are_not_shown(client: Client, filled: HomePage) -> None:
    PromotedPage.objects.create(home=filled, page=QuestionPage.objects.first())
    GuidePage.objects.update(live=False)
    for page in [*QuestionPage.objects.all(), *LessonPage.objects.all(), *CovenantPage.objects.all()]:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    shown = front(HomePage.objects.get())
    lists = [shown.life_events, shown.promoted, shown.new, shown.lectures, shown.covenants]
    assert lists == [[]] * 5


def test_a_promoted_page_speaks_for_itself_when_the_editors_do_not(filled: HomePage) -> None:
    promoted = filled.promoted.get()
    assert promoted.summary == "请先看这个"
    promoted.text = ""
    assert promoted.summary == "答案"


def test_a_promotion_that_is_not_saved_yet_is_seen_in_the_preview(filled: HomePage) -> None:
    draft = HomePage.from_json(filled.to_json())
    draft.promoted = [PromotedPage(page=QuestionPage.objects.first(), text="草稿")]
    assert [row.text for row in front(draft).promoted] == ["草稿"]


# --- the frame -------------------------------------------------------------------------------------------------


def test_the_menu_names_what_is_published(client: Client, sections: dict[str, Page]) -> None:
    sections["questions"].unpublish()
    html = client.get("/guides/").content.decode()
    assertInHTML('<a class="site-nav__link" href="/guides/" aria-current="page">指南</a>', html)
    assert 'href="/covenants/"' in html
    assert 'href="/questions/"' not in html


def test_the_settings_of_the_site_are_on_every_page(client: Client, home_page: HomePage) -> None:
    site = home_page.get_site()
    SiteSettings.objects.create(
        site=site, name="乡约", township="清溪镇", phone="0571-8888 6666", address="人民路1号", icp_number="浙ICP备1号"
    )
    html = client.get("/nowhere/").content.decode()
    for text in ["清溪镇", 'href="tel:057188886666"', "人民路1号", "浙ICP备1号"]:
        assert text in html


def test_reading_a_page_writes_no_settings(client: Client, home_page: HomePage) -> None:
    assert client.get("/").status_code == 200
    assert not SiteSettings.objects.exists()


def test_few_queries_however_full_the_page_is(
    client: Client, filled: HomePage, django_assert_max_num_queries: Any
) -> None:
    client.get("/nowhere/")  # content types and the site's root are kept by the process from its first page on
    for model in (GuidePage, QuestionPage, LessonPage, HomePage):
        ContentType.objects.get_for_model(model)
    Site.get_site_root_paths()
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200


def test_what_is_closed_above_is_closed_below(home_page: HomePage, sections: dict[str, Page]) -> None:
    add(sections["guides"], GuidePage, 1, summary="x", life_event="marriage")
    add(sections["questions"], QuestionPage, 1, summary="x", life_event="marriage")
    PageViewRestriction.objects.create(page=sections["guides"], restriction_type=PageViewRestriction.LOGIN)
    opened = open_to_all(Page.objects.descendant_of(home_page))
    assert set(opened) == set(Page.objects.descendant_of(home_page).live().public())
    assert sections["guides"].pk not in {page.pk for page in opened}
    assert len(opened) == 4
