"""Every page type, on a phone and on a desk, in both scripts and sizes: nothing that axe can find.

A page type is added to PAGES; one whose address depends on the content names the list that leads to it.
"""

from typing import Any

import pytest
from django.template.loader import render_to_string

from .accessibility import axe_source, overflow, violations

PAGES = {
    "home": "/",
    "guides": "/guides/",
    "guide": ("/guides/", "a[href^='/guides/']:not([href*='?']):not([href='/guides/'])"),
    "questions": "/questions/",
    "question": ("/questions/", "a[href^='/questions/']:not([href*='?']):not([href='/questions/'])"),
    "stories": "/stories/",
    "story": ("/stories/", "a[href^='/stories/']:not([href*='?']):not([href='/stories/'])"),
    "lessons": "/lessons/",
    "lesson": ("/lessons/", "a[href^='/lessons/']:not([href*='?']):not([href='/lessons/'])"),
    "covenants": "/covenants/",
    "covenant": ("/covenants/", "a[href^='/covenants/']:not([href='/covenants/'])"),
    "life events": "/life/",
    "life event": "/life/marriage/",
    "topics": "/topics/",
    "topic": ("/topics/", "a[href^='/topics/']:not([href='/topics/'])"),
    "laws": "/laws/",
    "law": "/laws/minfadian/",
    "article": "/laws/minfadian/1079/",
    "search": "/search/",
    "results": "/search/?q=%E7%A6%BB%E5%A9%9A",
    "no results": "/search/?q=zzzzqqqq",
    "not found": "/nowhere/",
}
ERRORS = ["400", "403", "403_csrf", "404", "429", "500", "503"]
WIDTHS = [360, 1280]


def _open(page: Any, site: str, where: str | tuple[str, str]) -> None:
    if isinstance(where, str):
        page.goto(site + where)
        return
    index, link = where
    page.goto(site + index)
    page.goto(site + page.locator("main").locator(link).first.get_attribute("href"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier(name: str, width: int, demo: Any, visit: Any) -> None:
    axe_source()
    page = visit(width=width)
    _open(page, demo.url, PAGES[name])
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_of_error_has_no_barrier(name: str, width: int, demo: Any, visit: Any) -> None:
    axe_source()
    page = visit(width=width)
    address = f"{demo.url}/-/error"
    page.route(address, lambda route: route.fulfill(body=render_to_string(f"{name}.html"), content_type="text/html"))
    page.goto(address)
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_components_have_no_barrier_in_any_state(width: int, demo: Any, visit: Any) -> None:
    axe_source()
    page = visit(width=width)
    page.goto(f"{demo.url}/admin/login/?next=/-/patterns/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", demo.passwords["admin"])
    page.click("button[type=submit]")
    page.wait_for_url("**/-/patterns/")
    assert violations(page) == []
    for panel in page.locator("details").all():
        panel.evaluate("element => { element.open = true }")
    page.click("[data-dialog]")
    assert page.locator("dialog[open]").count() == 1
    assert violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [320, 1280])
def test_large_type_in_traditional_characters_fits(width: int, demo: Any, visit: Any) -> None:
    axe_source()
    page = visit(width=width)
    for path in ("/", "/guides/", "/laws/minfadian/1079/", "/search/?q=%E7%A6%BB%E5%A9%9A"):
        page.goto(demo.url + path)
        for name in ("script", "type"):
            button = page.locator(f".preferences button[name={name}]")
            if button.get_attribute("value") in {"hant", "large"}:
                button.click()
                page.wait_for_load_state()
        assert page.locator("html").get_attribute("lang") == "zh-Hant"
        assert page.locator("html").get_attribute("data-type") == "large"
        assert page.url == demo.url + path
        assert violations(page) == []
        assert overflow(page) == 0


def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(demo: Any, visit: Any) -> None:
    page = visit()
    page.goto(demo.url)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"
    page.keyboard.press("Tab")
    outline = page.locator(":focus").evaluate("element => getComputedStyle(element.parentElement).outlineWidth")
    assert outline == "3px"


def test_the_choices_work_without_script(demo: Any, visit: Any) -> None:
    page = visit(javascript=False)
    page.goto(f"{demo.url}/laws/")
    page.click("button[value=hant]")
    page.wait_for_load_state()
    assert page.url == f"{demo.url}/laws/"
    assert "法律法規" in page.locator("h1").inner_text()
