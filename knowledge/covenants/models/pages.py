"""Village covenants, as pages: what a village agreed on, clause by clause."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from accounts.pages import PlacePageForm
from knowledge.slugs import PinyinSlugMixin
from registry.places.models import Kind, Place

from ..routes import VersionRoutes
from .clauses import Chapter, ChaptersBlock, of_stream

if TYPE_CHECKING:
    from .adoptions import Adoption


class CovenantIndexPage(PinyinSlugMixin, Page):
    """All covenants of the township."""

    searchable = False
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["covenants.CovenantPage"]
    template = "covenants/index_page.html"

    intro = models.TextField(_("导语"), max_length=300, blank=True, help_text=_("一两句话，显示在标题下面"))

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("村规民约栏目")

    def listed(self) -> "models.QuerySet[CovenantPage]":
        """The published covenants, village by village, the newest first; whether each is in force."""
        covenants = CovenantPage.objects.child_of(self).live().public()
        adoptions = CovenantPage._meta.get_field("adoptions").related_model
        in_force = Exists(adoptions.objects.filter(covenant=OuterRef("pk"), state="in_force"))
        return covenants.annotate(is_in_force=in_force).order_by("village", F("adopted_on").desc(nulls_last=True))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"covenants": list(self.listed()), "breadcrumbs": [(self.title, "")]}


class CovenantPage(VersionRoutes, PinyinSlugMixin, Page):
    """What one village agreed on, and how it came to be agreed.

    The page's own text is the draft that editors work on. Once a text is in force (`adoptions`), that one is shown.
    """

    base_form_class = PlacePageForm
    parent_page_types = ["covenants.CovenantIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "covenants/covenant_page.html"
    page_description = _("一个村或社区的村规民约")

    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="covenants",
        limit_choices_to={"kind": Kind.VILLAGE},
        verbose_name=_("所属村、社区"),
        help_text=_("选了以后，村里的干部才能录入制定程序，积分项目才能挂到条文上"),
    )
    village = models.CharField(_("村、社区"), max_length=60, db_index=True, help_text=_("如：清溪镇 柳河村"))
    adopted_on = models.DateField(
        _("通过日期"), null=True, blank=True, help_text=_("村民会议表决通过的那一天；由制定程序填写")
    )
    summary = models.TextField(_("一句话介绍"), max_length=200)
    preamble = models.TextField(_("前言"), blank=True)
    chapters = StreamField(ChaptersBlock(), verbose_name=_("条文"), help_text=_("章、条自动编号，条号全文连续"))
    procedure = models.TextField(
        _("怎么定下来的"), blank=True, help_text=_("谁提的、几轮讨论、多少人到会、多少人赞成、报谁备案")
    )

    search_fields = [*Page.search_fields, index.SearchField("village"), index.SearchField("summary")]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("village"), FieldPanel("place"), FieldPanel("adopted_on", read_only=True)],
            heading=_("哪个村、哪天通过"),
        ),
        FieldPanel("summary"),
        FieldPanel("preamble"),
        FieldPanel("chapters"),
        FieldPanel("procedure"),
    ]

    class Meta:
        verbose_name = _("村规民约")
        verbose_name_plural = _("村规民约")

    def clean(self) -> None:
        super().clean()
        if self.adopted_on and self.adopted_on > timezone.localdate():
            raise ValidationError({"adopted_on": _("通过日期不能晚于今天。")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The day of the vote is the vote's, whatever an older draft says."""
        if self.pk and (adoption := self.adoptions.filter(state="in_force").first()):
            self.adopted_on = adoption.voted_on
        super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        preview = getattr(request, "is_preview", False)
        return context | {
            "breadcrumbs": [*self.trail(request), (self.title, "")],
            "in_force": None if preview else self.in_force,
            "chapters": self.numbered_chapters if preview else self.shown_chapters,
            "preamble": self.preamble if preview else self.shown_preamble,
            "items_by_clause": self.items_by_clause(),
        }

    def trail(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The way to this page."""
        parent = self.get_parent()
        return [(parent.title, parent.get_url(request))] if parent is not None else []

    @cached_property
    def in_force(self) -> "Adoption | None":
        """The adoption whose text is in force."""
        if self.pk is None:
            return None
        found: Adoption | None = self.adoptions.filter(state="in_force").select_related("text").first()
        return found

    @property
    def numbered_chapters(self) -> list[Chapter]:
        """The page's own chapters and clauses with their numbers."""
        return list(of_stream(self.chapters))

    @property
    def shown_chapters(self) -> list[Chapter]:
        """What the public reads: the text in force, else the page's own."""
        text = self.in_force.text if self.in_force else None
        return text.numbered_chapters if text else self.numbered_chapters

    @property
    def shown_preamble(self) -> str:
        """What the public reads before the clauses: of the text in force, else the page's own."""
        text = self.in_force.text if self.in_force else None
        return str(text.preamble if text else self.preamble)

    @property
    def clause_count(self) -> int:
        """How many clauses there are."""
        return sum(len(item["value"].get("clauses") or []) for item in self.chapters.raw_data)

    def items_by_clause(self) -> dict[str, list[Any]]:
        """What points are given for each clause today, by the clause's id; points stand in an app of their own."""
        found: dict[str, list[Any]] = {}
        for item in self.items.valid_on(timezone.localdate()) if self.pk else ():
            found.setdefault(item.clause, []).append(item)
        return found
