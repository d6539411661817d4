"""Promoted results: what editors put at the top for a query, in Wagtail's own table."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.utils import normalise_query_string

from .analysis import fold
from .pages import page_sources

LIMIT = 5


@dataclass(frozen=True, slots=True)
class Promotion:
    """One editor's pick."""

    title: str
    url: str
    text: str
    kind: str = ""
    """The kind of page, where it is a searchable one."""


def promotions(text: str, request: HttpRequest | None = None) -> list[Promotion]:
    """The editors' picks for exactly this query, in their order; in either script, in any case and width.

    A page that is not published, or not open to everybody, is left out. One query where there are none.
    """
    asked = {normalise_query_string(text), normalise_query_string(fold(text))} - {""}
    if not asked:
        return []
    picks = SearchPromotion.objects.filter(query__query_string__in=asked).select_related("page")
    rows = list(picks.filter(Q(page=None) | Q(page__live=True)).order_by("sort_order", "pk")[: LIMIT * 2])
    open_pages = _open_pages([row.page_id for row in rows if row.page_id])
    found: dict[str, Promotion] = {}
    for row in rows:
        if row.page_id is None:
            pick = Promotion(row.external_link_text or row.external_link_url, row.external_link_url, row.description)
        elif row.page_id in open_pages:
            pick = Promotion(row.page.title, row.page.get_url(request) or "", row.description, _kind(row.page))
        else:
            continue
        if pick.url:
            found.setdefault(pick.url, pick)
    return list(found.values())[:LIMIT]


def _open_pages(pks: list[int]) -> set[int]:
    """Which of these pages everybody may read."""
    return set(Page.objects.filter(pk__in=pks).live().public().values_list("pk", flat=True)) if pks else set()


def _kind(page: Page) -> str:
    model = page.specific_class
    return next((source.name for source in page_sources() if model and issubclass(model, source.model)), "")
