"""Each component by itself, with as little as it can be given; the frame round every page."""

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django.asserts import assertInHTML

from home.models import HomePage
from search.results import Hit, Segment

TEMPLATES = Path(settings.BASE_DIR) / "templates"


class _Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    way = forms.ChoiceField(label="方式", choices=[("a", "甲")], widget=forms.RadioSelect, required=False)


_HIT = Hit(key="guide:1", kind="guide", title=(Segment("协议"), Segment("离婚", matched=True)), url="/x/", score=1)
_CHOICE = SimpleNamespace(label="指南", url="?kind=guide", count=3, selected=True)

MINIMAL: dict[str, dict[str, Any]] = {
    "breadcrumbs": {"items": [("指南", "/guides/"), ("离婚", "")]},
    "card": {"title": "离婚", "url": "/x/"},
    "citation": {"citation": "《民法典》第一条", "text": "条文"},
    "dialog": {"id": "d", "title": "确定吗"},
    "empty": {"title": "没有"},
    "error_summary": {"form": _Form({})},
    "field": {"field": _Form()["name"]},
    "filters": {"groups": [SimpleNamespace(label="类型", choices=[_CHOICE])]},
    "footer": {},
    "header": {},
    "hotlines": {},
    "notice": {"title": "请注意"},
    "pagination": {"page": 2, "page_count": 3, "query": "q=x"},
    "preferences": {},
    "progress": {"label": "正在导入"},
    "result": {"hit": _HIT},
    "search_box": {},
    "steps": {"steps": [{"title": "第一步", "text": "做"}]},
    "table": {"head": ["甲"], "rows": [["一"]]},
    "tag": {"text": "离婚"},
}


def render(name: str, **context: Any) -> str:
    """A component's HTML."""
    return render_to_string(f"components/{name}.html", context)


def test_every_component_is_named_here() -> None:
    assert {path.stem for path in (TEMPLATES / "components").glob("*.html")} == set(MINIMAL)


@pytest.mark.parametrize("name", MINIMAL)
def test_a_component_renders_with_the_least(name: str) -> None:
    html = render(name, **MINIMAL[name])
    assert html.strip()
    assert "style=" not in html
    assert "None" not in html
    assert not re.search(r"\son[a-z]+=", html)


def test_what_a_component_is_given_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    for name, context in {
        "card": {"title": evil, "url": "/", "text": evil, "label": evil, "meta": evil},
        "notice": {"title": evil, "text": evil},
        "steps": {"steps": [{"title": evil, "text": evil}]},
        "empty": {"title": evil, "text": evil, "actions": [(evil, "/")]},
        "citation": {"citation": evil, "text": evil, "place": evil, "url": "/"},
        "dialog": {"id": "d", "title": evil, "text": evil},
        "breadcrumbs": {"items": [(evil, "/"), (evil, "")]},
        "table": {"caption": evil, "head": [evil], "rows": [[evil]]},
        "tag": {"text": evil, "url": "/"},
        "search_box": {"query": '"><script>'},
    }.items():
        assert "<script>" not in render(name, **context), name


@pytest.mark.parametrize("kind", ["info", "warning", "success", "error"])
def test_a_notice_says_its_kind_in_words(kind: str) -> None:
    html = render("notice", kind=kind, title="标题")
    words = {"info": "提示", "warning": "注意", "success": "成功", "error": "错误"}
    assert f"notice--{kind}" in html
    assert words[kind] in html


def test_only_a_live_notice_is_announced() -> None:
    assert "role=" not in render("notice", kind="error", title="x")
    assert 'role="alert"' in render("notice", kind="error", title="x", live=True)
    assert 'role="status"' in render("notice", kind="success", title="x", live=True)


def test_a_result_says_where_an_article_stands_and_not_every_heading_of_a_law() -> None:
    assert "第二章 责任" in render("result", hit=replace(_HIT, heading="楼道管理法 第二章 责任"))
    law = replace(_HIT, heading="第一章 总则 第二章 责任", summary="第一章 总则；第二章 责任")
    assert "第一章 总则 第二章 责任" not in render("result", hit=law)


def test_the_current_place_is_no_link() -> None:
    html = render("breadcrumbs", items=[("指南", "/guides/"), ("离婚", "/guides/lihun/")])
    assert '<a href="/guides/">指南</a>' in html
    assert '<span aria-current="page">离婚</span>' in html


def test_a_list_of_one_page_has_no_pagination() -> None:
    assert render("pagination", page=1, page_count=1, query="").strip() == ""


def test_the_ends_of_the_pagination() -> None:
    assert "上一页" not in render("pagination", page=1, page_count=2, query="")
    assert "下一页" not in render("pagination", page=2, page_count=2, query="")


def test_a_filter_that_is_set_says_so_and_that_it_can_be_taken_away() -> None:
    html = render("filters", **MINIMAL["filters"], clear_url="?")
    assert 'aria-current="true"' in html
    assert "（点击取消）" in html
    assert "清除全部条件" in html


def test_a_group_without_choices_is_left_out() -> None:
    assert "主题" not in render("filters", groups=[SimpleNamespace(label="主题", choices=[])])


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    html = render("field", field=_Form({})["name"])
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    assert set(described[1].split()) <= set(re.findall(r' id="([^"]+)"', html))
    assert "field--error" in html
    assert 'aria-invalid="true"' in html
    assert "（选填）" not in html


def test_the_errors_of_a_form_lead_to_its_fields() -> None:
    form = _Form({"way": "乙"})
    form.add_error(None, "两样对不上。")
    html = render("error_summary", form=form)
    assert "两样对不上。" in html
    assert "有 2 处要改" in html
    fields = "".join(render("field", field=field) for field in form)
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f' id="{target}"' in fields
    assert "autofocus" in html
    assert "autofocus" not in render("error_summary", form=form, still=True)


def test_a_form_that_nothing_is_wrong_with_has_no_summary() -> None:
    assert render("error_summary", form=_Form()).strip() == ""
    assert render("error_summary", form=_Form({"name": "王芳"})).strip() == ""


def test_a_choice_among_radios_is_a_fieldset() -> None:
    html = render("field", field=_Form()["way"])
    assert "<fieldset" in html
    assert "<legend" in html
    assert "（选填）" in html


def test_a_replaced_citation_leads_to_the_one_in_force() -> None:
    html = render("citation", citation="《某法》第一条", text="旧", replaced=True, replaced_by_url="/new/")
    assert "已被新的版本取代" in html
    assert 'href="/new/"' in html


def test_the_search_box_shows_the_query_and_its_length_is_bounded() -> None:
    html = render("search_box", query="邻居", size="large")
    assert 'value="邻居"' in html
    assert 'id="q-large"' in html
    assert 'maxlength="200"' in html
    assert 'aria-controls="q-large-list"' in html


# --- the frame -------------------------------------------------------------------------------------------------


def test_no_template_holds_script_or_style() -> None:
    inline = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son(?:click|load|change|submit|input)=")
    admin = TEMPLATES / "wagtailadmin"
    for path in TEMPLATES.rglob("*.html"):
        text, parts = path.read_text(encoding="utf-8"), set(path.relative_to(TEMPLATES).parts)
        # What is printed is no page of the site: no policy on content holds there, and no script runs.
        printed = parts & {"pdf", "printing"} or {"points", "reports"} <= parts or 'extends "printing/' in text
        if admin not in path.parents and "admin" not in parts and not printed:
            assert not inline.search(text), path


def test_no_template_or_stylesheet_names_another_host() -> None:
    foreign = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//(?!www\.w3\.org)|url\(["']?(?:https?:)?//""")
    static = Path(settings.BASE_DIR) / "site" / "home" / "static"
    for path in [*TEMPLATES.rglob("*.html"), *static.rglob("*.css")]:
        assert not foreign.search(path.read_text(encoding="utf-8")), path


def test_the_frame_needs_no_request() -> None:
    html = render_to_string("base.html")
    assert '<html lang="zh-Hans" data-type="normal">' in html
    assert "乡约" in html


@pytest.mark.parametrize(
    ("cookies", "html_tag", "offers"),
    [
        ({}, '<html lang="zh-Hans" data-type="normal">', {"繁體", "大字"}),
        ({"script": "hant"}, '<html lang="zh-Hans" data-type="normal">', {"简体", "大字"}),
        ({"type": "large"}, '<html lang="zh-Hans" data-type="large">', {"繁體", "标准"}),
    ],
)
def test_the_frame_offers_what_the_reader_has_not(cookies: dict[str, str], html_tag: str, offers: set[str]) -> None:
    request = RequestFactory().get("/search/", {"q": "离婚"})
    request.COOKIES = cookies
    html = render_to_string("base.html", {"request": request, "without_database": True})
    assert html_tag in html
    assert set(re.findall(r"preferences__button[^>]*>([^<]+)<", html)) == offers
    assertInHTML('<input type="hidden" name="next" value="/search/?q=%E7%A6%BB%E5%A9%9A">', html)


def test_a_page_skips_to_its_content_and_marks_where_it_is(client: Client, home_page: HomePage) -> None:
    html = client.get("/").content.decode()
    assert html.index('href="#main"') < html.index("<header")
    assert '<main id="main"' in html
    assertInHTML('<a class="site-nav__link" href="/" aria-current="page">首页</a>', html)
    assert html.count("<h1") == 1
