"""What a resident and an editor come for, from the first click to the last."""

import re
from urllib.parse import quote

import pytest

QUESTION = "邻居装修把我家墙弄裂了找谁赔"


def ask(page, demo, text: str) -> None:
    page.goto(demo.url)
    box = page.get_by_role("main").locator("input[name=q]")
    box.fill(text)
    box.press("Enter")
    page.wait_for_load_state()


def sign_in(page, demo, name: str) -> None:
    page.goto(f"{demo.url}/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", demo.passwords[name])
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(r"/admin/$"))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_leads_to_the_guide_the_article_and_paper(demo, visit, width, javascript):
    page = visit(width=width, javascript=javascript)
    ask(page, demo, QUESTION)

    guide = page.locator("a", has_text="装修").filter(has_text=re.compile("墙|裂")).first
    top = guide.bounding_box()
    assert top is not None
    assert top["y"] < 900, "the guide stands on the first screen"
    guide.click()
    page.wait_for_load_state()
    assert "/guides/" in page.url or "/questions/" in page.url

    page.locator("main a[href^='/laws/minfadian/']").first.click()
    page.wait_for_load_state()
    assert re.search(r"/laws/minfadian/\d+/", page.url)
    assert "第" in page.locator("h1").inner_text()

    page.emulate_media(media="print")
    assert not page.locator("header form").first.is_visible(), "paper has no search box"
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_citation_goes_straight_to_the_article(demo, visit):
    page = visit()
    ask(page, demo, "民法典1079条")
    assert page.url.split("?")[0].endswith("/laws/minfadian/1079/")
    assert "离婚" in page.locator("main").inner_text()


def test_nothing_scrolls_sideways_on_a_small_phone(demo, visit):
    page = visit(width=320)
    for path in [
        "/",
        f"/search/?q={quote(QUESTION)}",
        "/laws/",
        "/laws/minfadian/",
        "/laws/minfadian/1079/",
        "/guides/",
    ]:
        page.goto(demo.url + path)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, path


def test_the_script_is_kept_from_page_to_page(demo, visit):
    page = visit()
    page.goto(demo.url)
    page.get_by_role("button", name="繁體").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    page.goto(f"{demo.url}/laws/minfadian/1079/")
    assert "離婚" in page.locator("main").inner_text()
    ask(page, demo, "離婚")
    assert page.locator("mark").first.inner_text()


@pytest.fixture
def new_guide_title():
    return "柳树飞絮进家门怎么商量"


def test_an_edit_is_found_at_once_and_unpublished_it_is_gone(demo, visit, new_guide_title):
    editor = visit()
    sign_in(editor, demo, "admin")
    editor.goto(f"{demo.url}/admin/pages/add/guides/guidepage/{index_page(editor, demo)}/")
    editor.fill("[name=title]", new_guide_title)
    fill_required(editor)
    publish(editor)

    resident = visit()
    ask(resident, demo, new_guide_title)
    found = resident.get_by_role("main").get_by_role("link", name=new_guide_title)
    assert found.count() >= 1
    found.first.click()
    resident.wait_for_load_state()
    address = resident.url
    assert new_guide_title in resident.locator("h1").inner_text()

    edit = editor.locator(f"a[href*='/edit/']:has-text('{new_guide_title}')").first.get_attribute("href")
    number = re.search(r"/pages/(\d+)/edit/", edit)[1]
    editor.goto(f"{demo.url}/admin/pages/{number}/unpublish/")
    editor.locator("main form[method=POST] [type=submit]").first.click()
    editor.wait_for_load_state()

    assert resident.goto(address).status == 404
    ask(resident, demo, new_guide_title)
    assert resident.get_by_role("main").get_by_role("link", name=new_guide_title, exact=True).count() == 0


def index_page(page, demo) -> int:
    """The number of the page that guides are added below."""
    listing = page.request.get(f"{demo.url}/admin/api/main/pages/?slug=guides").json()
    return listing["items"][0]["id"]


def fill_required(page) -> None:
    """Fill the fields that a guide cannot be published without."""
    for field in page.locator("textarea[required]:visible, input[required]:visible").all():
        if not field.input_value():
            field.fill("先和邻居商量，商量不成找村调解委员会。")
    for choice in page.locator("select[required]:visible").all():
        if not choice.input_value():
            choice.select_option(index=1)


def publish(page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle]").last.click()
    page.locator("[name=action-publish]").click()
    page.wait_for_load_state()
    assert "/edit/" not in page.url, page.locator(".messages").inner_text()
