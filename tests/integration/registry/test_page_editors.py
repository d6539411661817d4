"""An editor of a village edits that village's pages, and sees no other's drafts anywhere in the back office."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.permissions import policy_registry

from accounts import actions
from accounts.models import Appointment, User
from accounts.pages import PlacePageForm, placed_models
from accounts.roles import Role
from home import setup
from knowledge.covenants.actions import create_section
from knowledge.covenants.models import CovenantIndexPage, CovenantPage
from registry.places.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(db: Any) -> CovenantIndexPage:
    setup.ensure_home()
    section = create_section(by=None)
    section.refresh_from_db()
    return section


def covenant(section: CovenantIndexPage, place: Place | None, title: str, *, live: bool = False) -> CovenantPage:
    page = CovenantPage(title=title, slug=f"p{place.pk if place else 0}", village=title, summary="两条。", live=live)
    page.place = place
    page.chapters = [("chapter", {"title": "家庭", "clauses": [{"text": "孝敬老人。", "cites": []}]})]
    section.refresh_from_db()
    section.add_child(instance=page)
    page.save_revision()
    return page


@pytest.fixture
def own(section: CovenantIndexPage, village: Place) -> CovenantPage:
    return covenant(section, village, "柳河自己的约定")


@pytest.fixture
def theirs(section: CovenantIndexPage, sibling: Place) -> CovenantPage:
    return covenant(section, sibling, "隔壁没公开的约定")


@pytest.fixture
def editor(appoint: Any, village: Place) -> User:
    return appoint(village, Role.EDITOR)


def again(user: User) -> User:
    """As the next request sees the user."""
    return User.objects.get(pk=user.pk)


def office(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def policy() -> Any:
    return policy_registry.get_by_type(Page)


def test_covenants_stand_at_a_place():
    assert CovenantPage in placed_models()


def test_what_may_be_done_with_which_page(editor, own, theirs, section):
    assert own.permissions_for_user(editor).can_edit()
    assert own.permissions_for_user(editor).can_publish()
    assert own.permissions_for_user(editor).can_lock()
    for page in (theirs, section, section.get_parent(), Page.get_first_root_node()):
        tester = page.permissions_for_user(editor)
        assert not any((tester.can_edit(), tester.can_publish(), tester.can_delete(), tester.can_unpublish()))
    assert section.permissions_for_user(editor).can_add_subpage()
    assert not own.get_parent().get_parent().permissions_for_user(editor).can_add_subpage()


def test_the_lists_of_the_policy_agree(editor, own, theirs, section):
    asked = policy()
    assert list(asked.instances_user_has_permission_for(editor, "change")) == [own.page_ptr]
    assert set(asked.instances_user_has_permission_for(editor, "add")) == {own.page_ptr, section.page_ptr}
    assert set(asked.explorable_instances(editor)) == {own.page_ptr, section.page_ptr}
    assert asked.explorable_root_instance(editor) == section.page_ptr
    assert asked.user_has_permission(editor, "publish")
    assert not asked.user_has_permission(editor, "bulk_delete")
    for action, page in (("publish", own), ("change", own)):
        assert editor in asked.users_with_permission_for_instance(action, page)
    assert editor not in asked.users_with_permission_for_instance("change", theirs)
    assert editor in asked.users_with_permission("publish")


def test_a_role_above_reaches_the_villages_below(appoint, township, own, theirs):
    user = appoint(township, Role.EDITOR)
    for page in (own, theirs):
        assert page.permissions_for_user(user).can_publish()
        assert user in policy().users_with_permission_for_instance("publish", page)


def test_other_roles_edit_no_pages(appoint, village, own):
    user = appoint(village, *(role for role in Role.values if role != Role.EDITOR))
    assert not own.permissions_for_user(user).can_edit()
    assert not policy().explorable_instances(user).exists()


def test_an_appointment_that_ends_takes_the_pages_at_once(editor, own):
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(user=editor).update(since="2020-01-01", until=yesterday)
    user = again(editor)
    assert not own.permissions_for_user(user).can_edit()
    assert not policy().user_has_permission(user, "change")
    assert user not in policy().users_with_permission_for_instance("change", own)
    assert office(user).get(reverse("wagtailadmin_pages:edit", args=[own.pk])).status_code == 302


def test_the_tree_lists_and_finds_ones_own(editor, own, theirs, section):
    client = office(editor)
    tree = client.get(reverse("wagtailadmin_explore", args=[section.pk])).content.decode()
    assert own.title in tree
    assert theirs.title not in tree
    for words in ("约定", "隔壁", theirs.title):
        found = client.get(reverse("wagtailadmin_pages:search"), {"q": words})
        assert theirs.pk not in {page.pk for page in found.context["pages"]}


# Every page view that names a page. What goes wrong for others sends them home, or tells them that it is not there.
BY_ID = [
    "edit",
    "delete",
    "unpublish",
    "copy",
    "move",
    "history",
    "history_results",
    "workflow_history",
    "usage",
    "view_draft",
    "preview_on_edit",
    "set_privacy",
    "lock",
    "unlock",
]


@pytest.mark.parametrize("name", BY_ID)
def test_another_villages_page_opens_by_no_address(editor, theirs, name):
    address = reverse(f"wagtailadmin_pages:{name}", args=[theirs.pk])
    client = office(editor)
    for response in (client.get(address), client.post(address, {"title": "改了"})):
        assert response.status_code in {302, 403, 404, 405}, response.status_code
        if response.status_code == 302:
            assert response.headers["Location"] == reverse("wagtailadmin_home")
        assert "隔壁" not in response.content.decode()
    theirs.refresh_from_db()
    assert (theirs.title, theirs.live, theirs.locked) == ("隔壁没公开的约定", False, False)


def test_another_villages_draft_is_not_shown_by_its_revision(editor, theirs):
    revision = theirs.get_latest_revision()
    for name in ("revisions_view", "revisions_revert"):
        response = office(editor).get(reverse(f"wagtailadmin_pages:{name}", args=[theirs.pk, revision.pk]))
        assert response.status_code == 302


def test_ones_own_page_is_edited_and_published(editor, own):
    client = office(editor)
    address = reverse("wagtailadmin_pages:edit", args=[own.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["form"].fields["place"].required
    own.save_revision(user=editor).publish(user=editor)  # checks the permission of who publishes
    own.refresh_from_db()
    assert own.live
    assert client.get(reverse("wagtailadmin_pages:history", args=[own.pk])).status_code == 200


def test_bulk_actions_leave_others_alone(editor, own, theirs):
    for action in ("publish", "unpublish", "delete"):
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        shown = office(editor).get(f"{address}?id={theirs.pk}&id={own.pk}&next=/admin/")
        assert theirs.pk not in {item["item"].pk for item in shown.context["items"]} if shown.context else True
        office(editor).post(f"{address}?id={theirs.pk}&next=/admin/")
    theirs.refresh_from_db()
    assert not theirs.live


def test_the_chooser_offers_ones_own_and_what_is_published(editor, own, theirs, section, other_township):
    elsewhere = other_township.add_child(code="990100002201", name="龙门村", kind="village")
    public = covenant(section, elsewhere, "已经公开的约定", live=True)
    client = office(editor)
    browsing = client.get(reverse("wagtailadmin_choose_page_child", args=[section.pk])).json()["html"]
    found = client.get(reverse("wagtailadmin_choose_page_search"), {"q": "约定"}).content.decode()
    assert own.title in browsing
    assert public.title in browsing
    for shown in (browsing, found):
        assert theirs.title not in shown


def test_the_api_of_pages_knows_ones_own(editor, own, theirs):
    client = office(editor)
    listing = client.get(reverse("wagtailadmin_api:pages:listing"), {"fields": "title", "limit": 20})
    titles = {item["title"] for item in listing.json()["items"]}
    assert own.title in titles
    assert theirs.title not in titles
    assert client.get(reverse("wagtailadmin_api:pages:detail", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("wagtailadmin_api:pages:detail", args=[own.pk])).status_code == 200


@pytest.mark.parametrize("report", ["site_history", "aging_pages", "locked_pages", "workflow", "page_types_usage"])
def test_reports_name_no_other_page(editor, own, theirs, report):
    theirs.save_revision(log_action="wagtail.edit", user=editor)
    response = office(editor).get(reverse(f"wagtailadmin_reports:{report}"))
    assert theirs.title not in response.content.decode()


def test_a_new_page_stands_at_ones_own_place(editor, section, village, sibling):
    form_class = CovenantPage.get_edit_handler().get_form_class()
    assert issubclass(form_class, PlacePageForm)
    form = form_class(instance=CovenantPage(), parent_page=section, for_user=editor)
    assert list(form.fields["place"].queryset) == [village]
    assert form.fields["place"].required
    address = reverse("wagtailadmin_pages:add", args=["covenants", "covenantpage", section.pk])
    assert office(editor).get(address).status_code == 200
    given = {"title": "占地", "slug": "zhandi", "village": "隔壁", "chapters-count": "0", "comments-TOTAL_FORMS": "0"}
    given |= {"comments-INITIAL_FORMS": "0", "place": sibling.pk}
    response = office(editor).post(address, given)
    assert response.status_code == 200
    assert "place" in response.context["form"].errors
    assert not CovenantPage.objects.exists()


def test_what_groups_give_stays(own, theirs, section, django_user_model):
    from wagtail.models import GroupPagePermission

    group = Group.objects.create(name="全镇")
    GroupPagePermission.objects.create(group=group, page=section.page_ptr, permission_type="change")
    user = django_user_model.objects.create_user("quanzhen")
    user.groups.add(group)
    for page in (own, theirs):
        assert page.permissions_for_user(user).can_edit()
        assert not page.permissions_for_user(user).can_publish()


def test_few_queries_however_many_pages(editor, village, section, django_assert_max_num_queries):
    for number in range(3):
        page = CovenantPage(title=f"第{number}份", slug=f"n{number}", village="柳河村", summary="两条。", place=village)
        section.refresh_from_db()
        section.add_child(instance=page)
    with django_assert_max_num_queries(6):
        for page in CovenantPage.objects.all():
            assert page.permissions_for_user(editor).can_publish()


def test_the_group_of_editors_shows_who_they_are(village, django_user_model):
    chief = django_user_model.objects.create_superuser("chief")
    user = django_user_model.objects.create_user("bian")
    held = actions.appoint(user=user, role=Role.EDITOR, place=village, by=chief)
    group = Group.objects.get(name="内容编辑 · 柳河村（990100001201）")
    assert list(group.user_set.all()) == [user]
    assert not group.permissions.exists()
    assert not group.page_permissions.exists()
    Appointment.objects.filter(pk=held.pk).update(since="2020-01-01", until="2020-12-31")
    call_command("sync_groups")
    assert not Group.objects.filter(pk=group.pk).exists()
