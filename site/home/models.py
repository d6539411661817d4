"""The front door: the home page, and what the site says of itself on every page."""

from typing import Any, Self

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable, Page, Site

from .contentversion import ContentVersion as ContentVersion
from .contentversion import kept
from .validators import validate_lines


@register_setting(icon="site", order=100)
class SiteSettings(BaseSiteSetting):
    """What the header and the footer say: whose site this is, where to find the people behind it."""

    name = models.CharField(_("网站名称"), max_length=30, default="乡约")
    township = models.CharField(_("乡镇（街道）名称"), max_length=60, blank=True)
    tagline = models.CharField(
        _("一句话介绍"),
        max_length=120,
        default="用大白话讲清楚法律：遇到事，先搜一搜，看指南、查条文、找人帮。",
        help_text=_("搜索引擎和转发链接时显示。"),
    )
    address = models.CharField(_("地址"), max_length=120, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=120, blank=True)
    icp_number = models.CharField(_("备案号"), max_length=40, blank=True)
    footer_text = models.TextField(_("页脚文字"), max_length=500, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("township"), FieldPanel("tagline")], _("名称")),
        MultiFieldPanel([FieldPanel("address"), FieldPanel("phone"), FieldPanel("office_hours")], _("联系方式")),
        MultiFieldPanel([FieldPanel("icp_number"), FieldPanel("footer_text")], _("页脚")),
    ]

    class Meta:
        verbose_name = _("网站信息")
        verbose_name_plural = _("网站信息")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def _stored(cls, request: HttpRequest) -> Self:
        site = Site.find_for_request(request)
        return cls.objects.filter(site=site).first() or cls(site=site)

    @classmethod
    def of(cls, request: HttpRequest | None) -> Self:
        """The settings of the request's site, read once a request; unsaved defaults where none are stored.

        Unlike `for_request` it never writes: a page that is only read must not take the database's write lock.
        """
        if request is None:
            return cls()
        cached = getattr(request, "_site_settings", None)
        if not isinstance(cached, cls):
            cached = kept(request, "settings", lambda: cls._stored(request))
            request._site_settings = cached  # type: ignore[attr-defined]
        return cached


class HomePage(Page):
    """The site's first page: the search box, what most people come for, what is new."""

    searchable = False

    headline = models.CharField(_("大标题"), max_length=40, default="遇到什么事？先问一问")
    intro = models.CharField(
        _("引导语"),
        max_length=160,
        blank=True,
        default="用自己的话说就行。我们帮您找到该看的指南、该知道的法条、该找的人。",
    )
    example_questions = models.TextField(
        _("搜索示例"),
        blank=True,
        default="邻居装修把我家墙弄裂了找谁赔\n老板拖欠工资怎么办\n借钱没打借条能要回来吗",
        help_text=_("显示在搜索框下面，一行一个，最多五个。"),
        validators=[validate_lines],
    )

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("headline"), FieldPanel("intro"), FieldPanel("example_questions")], _("搜索区")),
        InlinePanel("promoted", heading=_("重点推荐"), label=_("推荐"), max_num=4),
        HelpPanel(_("人生大事、最新发布、讲座预告、村规民约和法律法规会自动更新，不用在这里维护。")),
    ]

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .front import front  # its models cite pages that are declared after these

        return super().get_context(request, *args, **kwargs) | {"front": front(self)}

    @property
    def examples(self) -> list[str]:
        """The example questions, without empty lines."""
        return [line.strip() for line in self.example_questions.splitlines() if line.strip()]


class PromotedPage(Orderable):
    """A page that the editors put on the home page by hand."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="promoted")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("页面"))
    text = models.CharField(_("推荐语"), max_length=80, blank=True)

    panels = [FieldPanel("page"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("重点推荐")
        constraints = [models.UniqueConstraint(fields=["home", "page"], name="home_promoted_once")]

    def __str__(self) -> str:
        return self.page.title

    @property
    def summary(self) -> str:
        """What to say of the page: the editors' words, else its own short answer or description."""
        knowledge = getattr(self.page, "knowledgepage", None)
        return self.text or (knowledge.summary if knowledge else self.page.search_description)
