"""The back office: Chinese, in the order of work, nothing shown that a role cannot use."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from wagtail.admin.menu import admin_menu, help_menu
from wagtail.models import GroupPagePermission, Page

from accounts.models import User
from home.models import HomePage
from knowledge.guides.models import GuideIndexPage, GuidePage


@pytest.fixture
def guides(home_page: HomePage) -> Page:
    """The section of guides."""
    return home_page.add_child(instance=GuideIndexPage(title="指南", slug="guides"))


@pytest.fixture
def editor(guides: Page) -> User:
    """Someone who may write in the section of guides, and nothing else."""
    group = Group.objects.create(name="写指南的人")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for kind in ("add", "change"):
        GroupPagePermission.objects.create(group=group, page=guides, permission_type=kind)
    user = User.objects.create_user("xiaozhou", password="a long enough password", display_name="编辑小周")
    user.groups.add(group)
    return user


def add_guide(section: Page, number: int, due: date | None) -> GuidePage:
    return section.add_child(
        instance=GuidePage(
            title=f"指南{number}", slug=f"g-{number}", summary="x", life_event="marriage", review_again_on=due
        )
    )


def request_of(rf: RequestFactory, user: User) -> HttpRequest:
    request = rf.get("/admin/")
    request.user = user
    return request


def names(request: HttpRequest) -> list[str]:
    items = sorted(admin_menu.menu_items_for_request(request), key=lambda item: item.order)
    return [item.name for item in items]


@pytest.mark.parametrize("path", ["/admin/login/"])
def test_the_door_is_ours_and_in_chinese(client: Client, db: None, path: str) -> None:
    html = client.get(path).content.decode()
    assert "登录乡约后台" in html
    assert "密码" in html
    assert "Wagtail" not in html
    assert "Password" not in html
    assert "home/logo.svg" in html
    assert "home/css/admin.css" in html


def test_the_menu_is_in_the_order_of_work(client: Client, rf: RequestFactory, admin_user: User) -> None:
    client.get("/admin/login/")  # the address book of the back office is read with the first request
    shown = names(request_of(rf, admin_user))
    wanted = ["explorer", "laws", "search-desk", "images", "documents", "reports", "settings", "help"]
    assert [name for name in shown if name in wanted] == wanted


def test_a_role_sees_only_what_it_can_use(client: Client, rf: RequestFactory, editor: User) -> None:
    client.get("/admin/login/")
    shown = set(names(request_of(rf, editor)))
    assert "explorer" in shown
    assert not shown & {"settings", "search-desk", "images", "documents"}


def test_help_leads_to_no_other_host(rf: RequestFactory, admin_user: User) -> None:
    items = help_menu.menu_items_for_request(request_of(rf, admin_user))
    assert {item.name for item in items} == {"public-site", "patterns", "keyboard-shortcuts-trigger"}
    assert not [item for item in items if "://" in str(item.url)]


def test_the_first_page_begins_with_what_one_may_write(client: Client, editor: User, guides: Page) -> None:
    client.force_login(editor)
    html = client.get("/admin/").content.decode()
    assert "写点什么" in html
    assert f"/admin/pages/add/guides/guidepage/{guides.pk}/" in html
    assert "编辑小周" in html


def test_who_may_write_nothing_is_offered_nothing(client: Client, editor: User) -> None:
    GroupPagePermission.objects.all().delete()
    client.force_login(editor)
    assert "写点什么" not in client.get("/admin/").content.decode()


def test_what_is_due_for_review_waits_on_the_first_page(
    client: Client, editor: User, guides: Page, home_page: HomePage
) -> None:
    today = timezone.localdate()
    for number in range(7):
        add_guide(guides, number, today - timedelta(days=number))
    add_guide(guides, 8, today + timedelta(days=1))
    client.force_login(editor)
    html = client.get("/admin/").content.decode()
    assert "到期该复核的页面" in html
    assert "全部 7 页" in html
    assert html.index("指南6") < html.index("指南5")
    assert "指南1<" not in html
    assert "指南8" not in html


def test_what_somebody_else_keeps_is_not_listed(client: Client, editor: User, guides: Page) -> None:
    add_guide(guides, 1, timezone.localdate())
    GroupPagePermission.objects.all().delete()
    client.force_login(editor)
    assert "到期该复核的页面" not in client.get("/admin/").content.decode()


def test_the_back_office_is_never_converted(client: Client, admin_client: Client) -> None:
    admin_client.cookies["script"] = "hant"
    html = admin_client.get("/admin/").content.decode()
    assert "查看网站" in html
    assert "查看網站" not in html


def test_the_settings_of_the_site_can_be_edited(admin_client: Client, home_page: HomePage) -> None:
    site = home_page.get_site()
    url = f"/admin/settings/home/sitesettings/{site.pk}/"
    fields = {
        "name": "清溪普法",
        "township": "清溪镇",
        "tagline": "遇事问法",
        "address": "",
        "phone": "",
        "icp_number": "",
    }
    response = admin_client.post(url, fields | {"office_hours": "", "footer_text": ""}, follow=True)
    assert response.status_code == 200
    assert "清溪普法" in Client().get("/").content.decode()


def test_too_many_examples_are_refused_with_the_reason(admin_client: Client, home_page: HomePage) -> None:
    with translation.override("zh-hans"):
        home_page.example_questions = "\n".join("一二三四五六")
        with pytest.raises(Exception, match="最多写 5 个示例"):
            home_page.full_clean()


@pytest.mark.parametrize("language", ["en", "zh-TW", "fr"])
def test_chinese_is_the_language_whatever_the_browser_says(client: Client, home_page: HomePage, language: str) -> None:
    # A public page is kept for everybody: the first visitor's browser must not choose the language of its dates.
    for path, text in {"/admin/login/": "记住我", "/": "主导航"}.items():
        assert text in client.get(path, headers={"accept-language": language}).content.decode()
    assert translation.get_language() == "zh-hans"
