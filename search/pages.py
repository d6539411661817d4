"""Wagtail pages as searchable things: every way in which a page appears, changes, moves or goes is recorded.

Recorded from the model's own signals, in the transaction that changes the page: Wagtail sends its signals about slugs
and moves only after the commit, when a process that dies would lose them.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published

from . import outbox
from .documents import Source, sources

# Saving a draft of a live page writes these columns of its row, and nothing that is searched.
_DRAFT_FIELDS = {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}


class PageSource(Source):
    """A Wagtail page type that is searchable while it is live and open to everybody.

    A subclass gives `name`, `label`, `model` and `document`, and may narrow or prefetch `queryset`.
    """

    model: type[Page]

    def queryset(self) -> "QuerySet[Any]":
        """The live pages of this type that are not in a private section."""
        return self.model.objects.live().public()


def page_sources() -> list[PageSource]:
    """The registered sources whose things are Wagtail pages."""
    return [source for source in sources().values() if isinstance(source, PageSource)]


def record_page(page: Page) -> None:
    """Record that this page changed, if pages of its type are searchable."""
    _record_pages([page.pk])


def record_subtree(page: Page) -> None:
    """Record that this page and everything below it changed: its address, or who may read it."""
    _record_pages(Page.objects.filter(path__startswith=page.path).values_list("pk", flat=True))


def connect() -> None:
    """Listen to the signals; called once when the app is ready."""
    pre_save.connect(_before_save, dispatch_uid="search.page.before_save")
    post_save.connect(_after_save, dispatch_uid="search.page.after_save")
    post_delete.connect(_after_delete, dispatch_uid="search.page.after_delete")
    page_published.connect(_after_publication, dispatch_uid="search.page.published")
    for signal in (post_save, post_delete):
        signal.connect(_restriction_changed, sender=PageViewRestriction, dispatch_uid="search.restriction")


def _record_pages(pks: Iterable[int]) -> None:
    pks = list(pks)
    for source in page_sources():
        of_this_type = source.model.objects.filter(pk__in=pks) if len(pks) < 500 else source.model.objects.all()
        outbox.record(source.name, sorted(set(of_this_type.values_list("pk", flat=True)).intersection(pks)))


def _before_save(instance: Model, **_: Any) -> None:
    """Remember where the page stood, to see after the save whether its subtree got another address."""
    if isinstance(instance, Page) and instance.pk and not instance._state.adding:
        before = Page.objects.filter(pk=instance.pk).values_list("url_path", "live").first()
        instance._search_before = before


def _after_save(instance: Model, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    if raw or not isinstance(instance, Page) or (update_fields and set(update_fields) <= _DRAFT_FIELDS):
        return
    url_path, was_live = instance.__dict__.pop("_search_before", None) or (instance.url_path, False)
    if url_path != instance.url_path:
        record_subtree(instance)
    elif instance.live or was_live:
        record_page(instance)


def _after_publication(instance: Page, **_: Any) -> None:
    """Once more when tags and inline rows are saved too: without a transaction the save is delivered before them."""
    record_page(instance)


def _after_delete(sender: type[Model], instance: Model, **_: Any) -> None:
    """A deleted page's row is gone, and with it its type: the signal comes once for each class of the page."""
    for source in page_sources():
        if sender is source.model:
            outbox.record(source.name, [instance.pk])


def _restriction_changed(instance: PageViewRestriction, **_: Any) -> None:
    # The page itself may be on its way out with its restrictions.
    if (page := Page.objects.filter(pk=instance.page_id).first()) is not None:
        record_subtree(page)
