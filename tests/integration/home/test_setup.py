"""A new installation has its tree, its sections and its roles; a second run changes nothing."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import Page, Site, Workflow, WorkflowPage

from home import demo, setup

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    home = setup.ensure_home()
    setup.ensure_sections()
    setup.ensure_roles()
    home.refresh_from_db()
    return home


def test_all_sections_stand_below_the_home_page(site):
    slugs = set(site.get_children().values_list("slug", flat=True))
    assert slugs == {"guides", "questions", "stories", "lessons", "covenants"}
    assert WorkflowPage.objects.filter(page__depth=3).count() == 5
    assert Site.objects.get().root_page_id == site.pk


def test_a_second_run_changes_nothing(site):
    before = (Page.objects.count(), Group.objects.count(), WorkflowPage.objects.count())
    setup.ensure_home()
    setup.ensure_sections()
    setup.ensure_roles()
    assert (Page.objects.count(), Group.objects.count(), WorkflowPage.objects.count()) == before


def test_what_an_administrator_took_away_stays_away(site):
    editors = Group.objects.get(name="编辑")
    editors.permissions.remove(*editors.permissions.filter(codename="delete_synonymgroup"))
    setup.ensure_roles()
    assert not editors.permissions.filter(codename="delete_synonymgroup").exists()


def test_wagtails_example_groups_are_gone_unless_somebody_is_in_them():
    somebody = get_user_model().objects.create_user("lao", "l@example.com", "x")
    Group.objects.get(name="Moderators").user_set.add(somebody)
    setup.ensure_roles()
    assert set(Group.objects.values_list("name", flat=True)) == {"Moderators"}
    assert Workflow.objects.active().count() == 1


def test_no_page_goes_to_a_workflow_in_which_nobody_approves(site):
    assert [page.depth for page in Page.objects.filter(workflowpage__isnull=False)] == [3] * 5
    assert [workflow.name for workflow in Workflow.objects.active()] == ["普法内容审核"]


@pytest.mark.parametrize("role", ["编辑", "审核员"])
def test_a_role_reaches_its_desk_and_no_settings(site, client, role):
    user = get_user_model().objects.create_user("yong", "y@example.com", "x")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    for name in ("law_index:index", "law_names:index", "synonyms:index"):
        assert client.get(reverse(name)).status_code == 200, name
    assert client.get(reverse("wagtailusers_users:index")).status_code in {302, 403}


def test_demo_users_get_random_passwords_once(site, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert demo.ensure_users() == [person.username for person in demo.USERS]
    first = demo.passwords()
    assert demo.ensure_users() == []
    assert demo.passwords() == first
    assert len(set(first.values())) == len(demo.USERS)
    assert demo.password_file().stat().st_mode & 0o077 == 0
    user = get_user_model().objects.get(username="bianji")
    assert user.check_password(first["bianji"])
    assert [group.name for group in user.groups.all()] == ["编辑"]


def test_the_demo_prints_where_to_go(site, settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    demo.ensure_users()
    call_command("demo_guide", port=8123)
    printed = capsys.readouterr().out
    assert "http://localhost:8123/admin/" in printed
    for password in demo.passwords().values():
        assert password in printed
