"""Addresses for pages and topics with Chinese names: pinyin, never empty."""

import hashlib
import re
from typing import TYPE_CHECKING, Any

from wagtail.admin.forms import WagtailAdminPageForm

if TYPE_CHECKING:
    from wagtail.models import Page as PageBase
else:
    PageBase = object

_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


def pinyin_slug(text: str, *, max_length: int = 60, separator: str = "-") -> str:
    """The pinyin of a text as an ASCII slug, cut between syllables at `max_length` characters.

    `separator` stands between the syllables of Chinese ("" writes a name as one word: 离婚 → lihun). Latin words and
    digits stay as they are. A text without any letter that can be spelled (punctuation, rare characters, emoji)
    gets a short code made of the text itself, so that the same text always has the same slug.
    """
    from pypinyin import lazy_pinyin  # its dictionary takes some 20 MB: only the processes that need it load it

    spelled = _HAN.sub(lambda run: f"-{separator.join(lazy_pinyin(run.group(), errors='ignore'))}-", text)
    slug = _NOT_ASCII_WORD.sub("-", spelled.lower()).strip("-")
    if not slug:
        return "x" + hashlib.sha256(text.encode()).hexdigest()[:8]
    if len(slug) <= max_length:
        return slug
    cut = slug[: max_length + 1].rpartition("-")[0]
    return cut or slug[:max_length]


class PinyinSlugForm(WagtailAdminPageForm):
    """A page form whose address may be left empty: it is then made from the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """The slug as entered, else a free one from the title."""
        slug: str = self.cleaned_data.get("slug") or ""
        title: str = self.cleaned_data.get("title") or ""
        return slug or (free_slug(title, self.parent_page, self.instance) if title else "")


class PinyinSlugMixin(PageBase):
    """For page types with Chinese titles: a page saved without a slug gets one from its title."""

    base_form_class = PinyinSlugForm
    slug: str

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._fill_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._fill_slug()
        super().minimal_clean()

    def _fill_slug(self) -> None:
        parent_is_known = self.path or getattr(self, "_cached_parent_obj", None)
        if not self.slug and self.title and parent_is_known:
            self.slug = free_slug(self.title, self.get_parent(), self)


def free_slug(title: str, parent: "PageBase | None", page: "PageBase") -> str:
    """A slug from the title that no other child of `parent` has: lihun, lihun-2, lihun-3 …"""
    base = pinyin_slug(title)
    if parent is None:
        return base
    siblings = parent.get_children().filter(slug__startswith=base)
    if page.pk:
        siblings = siblings.exclude(pk=page.pk)
    taken = set(siblings.values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
