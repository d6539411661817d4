"""Pages come to the index and leave it with everything that Wagtail can do to them."""

import pytest
from django.test import TestCase
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage
from knowledge.guides.models import GuidePage
from search.engines.base import Request
from search.models import OutboxEntry

from .conftest import found

pytestmark = pytest.mark.django_db

commit = TestCase.captureOnCommitCallbacks


@pytest.fixture
def guide(engine, make_page):
    """A published guide in the index."""
    with commit(execute=True):
        return make_page(title="宅基地审批怎么走", topics=("宅基地",))


def key(page) -> str:
    return f"guide:{page.pk}"


def is_found(engine, page) -> bool:
    return bool(engine.search(Request(keys=(key(page),))).candidates)


def address(engine, page) -> str:
    return engine.documents([key(page)])[key(page)].url


def test_a_draft_is_not_found(engine, make_page):
    with commit(execute=True):
        page = make_page(title="宅基地审批怎么走", publish=False)
    assert not is_found(engine, page)


def test_a_published_page_is_found_with_its_topics(engine, guide):
    assert found(engine, "宅基地审批") == {key(guide)}
    assert engine.documents([key(guide)])[key(guide)].topics == ("宅基地",)


def test_a_draft_of_a_published_page_changes_nothing_until_it_is_published(engine, guide):
    guide.title = "宅基地怎么申请"
    with commit(execute=True):
        revision = guide.save_revision()
    assert found(engine, "怎么申请") == set()
    with commit(execute=True):
        revision.publish()
    assert found(engine, "怎么申请") == {key(guide)}
    assert found(engine, "宅基地审批") == set()


def test_saving_a_draft_records_nothing(engine, guide):
    before = OutboxEntry.objects.count()
    guide.title = "别的题目"
    with commit(execute=True):
        guide.save_revision()
    assert OutboxEntry.objects.count() == before


def test_an_unpublished_page_is_found_no_more(engine, guide):
    with commit(execute=True):
        guide.unpublish()
    assert not is_found(engine, guide)
    with commit(execute=True):
        guide.save_revision().publish()
    assert is_found(engine, guide)


def test_a_deleted_page_is_found_no_more(engine, guide):
    doomed = key(guide)
    with commit(execute=True):
        guide.delete()
    assert engine.documents([doomed]) == {}


@pytest.mark.parametrize("as_plain_page", [True, False])
def test_with_its_section_every_page_below_is_deleted(engine, make_page, sections, as_plain_page):
    with commit(execute=True):
        pages = [make_page(title=f"宅基地之{number}") for number in range(3)]
    keys = [key(page) for page in pages]
    assert set(engine.documents(keys)) == set(keys)
    section = sections["guide"]
    with commit(execute=True):
        (Page.objects.get(pk=section.pk) if as_plain_page else section).delete()
    assert engine.documents(keys) == {}


def test_with_its_section_every_page_below_is_unpublished(engine, guide, sections, admin_user):
    with commit(execute=True):
        UnpublishPageAction(sections["guide"], user=admin_user, include_descendants=True).execute()
    assert not is_found(engine, guide)


def test_a_new_slug_is_a_new_address(engine, guide):
    guide.slug = "zhaijidi"
    with commit(execute=True):
        guide.save_revision().publish()
    assert address(engine, guide).endswith("/zhaijidi/")


def test_a_new_slug_above_is_a_new_address_below(engine, guide, sections):
    section = sections["guide"]
    section.slug = "banshi"
    with commit(execute=True):
        section.save()
    assert "/banshi/" in address(engine, guide)


def test_a_moved_page_has_its_new_address(engine, guide, sections, home_page):
    elsewhere = home_page.add_child(instance=HomePage(title="旧指南", slug="jiu"))
    with commit(execute=True):
        guide.move(elsewhere, "last-child")
    assert "/jiu/" in address(engine, guide)


def test_a_moved_section_takes_its_pages_along(engine, guide, sections, home_page):
    elsewhere = home_page.add_child(instance=HomePage(title="旧指南", slug="jiu"))
    with commit(execute=True):
        sections["guide"].move(elsewhere, "last-child")
    assert "/jiu/" in address(engine, guide)


@pytest.mark.parametrize("of_section", [True, False])
def test_a_page_that_becomes_private_is_found_no_more(engine, guide, sections, of_section):
    page = Page.objects.get(pk=sections["guide"].pk if of_section else guide.pk)
    with commit(execute=True):
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert not is_found(engine, guide)
    with commit(execute=True):
        restriction.delete()
    assert is_found(engine, guide)


def test_a_page_moved_into_a_private_section_is_found_no_more(engine, guide, home_page):
    private = home_page.add_child(instance=HomePage(title="内部", slug="neibu"))
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    with commit(execute=True):
        guide.move(private, "last-child")
    assert not is_found(engine, guide)


def test_a_copy_is_found_too(engine, guide):
    with commit(execute=True):
        copy = guide.copy(update_attrs={"slug": "copy", "title": "宅基地审批的抄本"})
    assert is_found(engine, copy)


def test_changes_are_recorded_in_the_transaction_that_makes_them(engine, guide):
    before = OutboxEntry.objects.count()
    with commit(execute=False):
        guide.unpublish()
        assert OutboxEntry.objects.count() > before


def test_pages_that_are_not_searchable_record_nothing(engine, home_page):
    before = OutboxEntry.objects.count()
    with commit(execute=True):
        home_page.title = "别的名字"
        home_page.save_revision().publish()
        Site.objects.update(site_name="乡约")
    assert OutboxEntry.objects.count() == before


def test_a_save_without_a_transaction_around_it_is_delivered_at_once(engine, guide):
    with commit(execute=True):
        GuidePage.objects.get(pk=guide.pk).save()
    assert is_found(engine, guide)
