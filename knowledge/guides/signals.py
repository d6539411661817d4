"""What follows from changes that are made elsewhere: Wagtail publishes a page, an editor renames a topic."""

from typing import Any

from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from knowledge.guides import actions
from knowledge.guides.models import KnowledgePage, Topic
from search import outbox
from search.pages import page_sources


@receiver(page_published, dispatch_uid="guides.page_published")
def record_links(instance: Any, **_kwargs: Any) -> None:
    """A published page's citations and links are recorded anew.

    Wagtail sends its signal for a first publication that is only scheduled, too: then the page is not live.
    """
    if isinstance(instance, KnowledgePage) and instance.live:
        actions.rewrite_links(page=instance)


@receiver(page_unpublished, dispatch_uid="guides.page_unpublished")
def forget_links(instance: Any, **_kwargs: Any) -> None:
    """A page that is not published (Wagtail unpublishes before it deletes) cites nothing."""
    if isinstance(instance, KnowledgePage):
        actions.drop_links(page=instance)


@receiver(post_save, sender=Topic, dispatch_uid="guides.topic_saved")
@receiver(pre_delete, sender=Topic, dispatch_uid="guides.topic_deleted")
def record_pages_of_topic(instance: Topic, created: bool = False, **_kwargs: Any) -> None:
    """The pages of a renamed or deleted topic are indexed again: their documents hold its name."""
    if created:
        return
    pks = set(KnowledgePage.objects.about(instance).values_list("pk", flat=True))
    for source in page_sources():
        if issubclass(source.model, KnowledgePage) and pks:
            outbox.record(source.name, source.model.objects.filter(pk__in=pks).values_list("pk", flat=True))
