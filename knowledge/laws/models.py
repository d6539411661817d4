"""Laws, their editions, and the articles of each edition.

A `Law` is what people name (民法典); an `Edition` is its text as published on one day; exactly one edition is current.
`Article` is the smallest piece that has an address of its own. Most are numbered articles (第…条); a text that has none
is cut at its numbered sections, and what stands outside the numbering (a preamble, an annex) is kept as a piece too,
so that nothing of a text is lost.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .names import name_key
from .querysets import ArticleQuerySet, EditionQuerySet, LawQuerySet
from .texts import join_heading


class LawKind(models.TextChoices):
    """The rank of a law, from the highest down."""

    CONSTITUTION = "constitution", _("宪法")
    STATUTE = "statute", _("法律")
    REGULATION = "regulation", _("行政法规")
    INTERPRETATION = "interpretation", _("司法解释")
    RULE = "rule", _("部门规章")


class Law(models.Model):
    """A law, as people name it; its text is in its editions."""

    slug = models.SlugField(_("网址名"), max_length=100, unique=True)
    title = models.CharField(_("全称"), max_length=300)
    title_key = models.CharField(max_length=300, unique=True, editable=False)
    """The title as it is compared (see names.title_key): two files with the same key are one law."""
    short_title = models.CharField(_("常用名"), max_length=300, db_index=True)
    kind = models.CharField(_("类别"), max_length=20, choices=LawKind.choices, db_index=True)
    branch = models.CharField(_("部门"), max_length=60, blank=True, db_index=True)
    """The branch of law (民法商法), or the ministry of a department rule; the folder that the text came from."""
    published_on = models.DateField(_("公布日期"), null=True, blank=True, db_index=True)
    """The date of the current edition, kept here for sorting."""

    objects = LawQuerySet.as_manager()

    class Meta:
        verbose_name = _("法律")
        verbose_name_plural = _("法律")
        ordering = ["short_title"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug="") & ~Q(title="") & ~Q(title_key=""), name="laws_law_named"),
            models.CheckConstraint(condition=Q(kind__in=LawKind.values), name="laws_law_kind_known"),
        ]

    def __str__(self) -> str:
        return self.short_title or self.title

    @property
    def quoted_title(self) -> str:
        """The usual name in brackets, those inside it made single: 《关于适用〈民法典〉…的解释》."""
        return f"《{self.short_title.replace('《', '〈').replace('》', '〉')}》"

    def get_absolute_url(self) -> str:
        """The page of the law: its current edition."""
        return reverse("laws:law", args=[self.slug])


class LawName(models.Model):
    """A name that people use for a law. A name means one law only."""

    class Origin(models.TextChoices):
        """Who gave the name; an import replaces its own names and leaves those of editors alone."""

        TITLE = "title", _("全称")
        GENERATED = "generated", _("由全称得出")
        CURATED = "curated", _("通用简称表")
        EDITOR = "editor", _("编辑添加")

    law = models.ForeignKey(Law, on_delete=models.CASCADE, related_name="names", verbose_name=_("法律"))
    name = models.CharField(_("名称"), max_length=300)
    key = models.CharField(max_length=300, unique=True, editable=False)
    """The name as it is compared: see names.name_key."""
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices, default=Origin.EDITOR)

    class Meta:
        verbose_name = _("法律名称")
        verbose_name_plural = _("法律名称")
        ordering = ["law", "name"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="laws_lawname_not_empty")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Fill the key, so that forms can tell that a name is taken."""
        self.key = name_key(self.name)
        super().clean()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = name_key(self.name)
        super().save(*args, **kwargs)


class Edition(models.Model):
    """The text of a law as published on one day."""

    law = models.ForeignKey(Law, on_delete=models.CASCADE, related_name="editions", verbose_name=_("法律"))
    title = models.CharField(_("标题"), max_length=300)
    """The title that this edition bore; an older one may differ from the law's (试行)."""
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    history = models.TextField(_("制定与修改"), blank=True)
    """How the law was made and changed: one line each, "date event", as the source writes them."""
    is_current = models.BooleanField(_("现行文本"), default=False)
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces", verbose_name=_("被取代于")
    )
    digest = models.CharField(max_length=64, editable=False)
    """The hash of the source files that the text was read from; an import skips an edition whose hash is the same."""
    updated_at = models.DateTimeField(_("更新时间"), default=timezone.now)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("法律文本")
        verbose_name_plural = _("法律文本")
        ordering = ["law", F("published_on").desc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(fields=["law", "published_on"], name="laws_edition_date_unique"),
            models.UniqueConstraint(fields=["law"], condition=Q(published_on=None), name="laws_edition_one_undated"),
            models.UniqueConstraint(fields=["law"], condition=Q(is_current=True), name="laws_edition_one_current"),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(replaced_by=None), name="laws_edition_current_not_replaced"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.date_slug}"

    @property
    def is_replaced(self) -> bool:
        """Whether there is a newer text of the same law."""
        return not self.is_current

    @property
    def date_slug(self) -> str:
        """The date as it stands in an address; `undated` when the source names none."""
        return self.published_on.isoformat() if self.published_on else "undated"

    @property
    def history_lines(self) -> list[str]:
        """How the law was made and changed, line by line."""
        return self.history.splitlines()

    def is_in_force(self, on: date) -> bool | None:
        """Whether the text had taken effect on that day; None when the source does not say from when it applies."""
        return None if self.effective_on is None else self.effective_on <= on

    def get_absolute_url(self) -> str:
        """The page of this text: the law's own page for the current one."""
        return self._address

    @cached_property
    def _address(self) -> str:
        if self.is_current:
            return self.law.get_absolute_url()
        return reverse("laws:edition", args=[self.law.slug, self.date_slug])


class SourceFile(models.Model):
    """A file that an edition was read from. The books of a code are a file each; a copy says the same as another."""

    path = models.CharField(_("文件"), max_length=500, unique=True)
    """Relative to the folder of laws, with forward slashes."""
    sha256 = models.CharField(max_length=64)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sources")
    is_copy = models.BooleanField(_("重复文件"), default=False)
    """Whether the edition's text was taken from another file that says the same."""

    class Meta:
        verbose_name = _("来源文件")
        verbose_name_plural = _("来源文件")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class Division(models.Model):
    """A part, chapter or section of an edition, or one of its annexes."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="divisions")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    position = models.PositiveIntegerField()
    """The order in the edition, over all levels."""
    depth = models.PositiveSmallIntegerField(default=1)
    label = models.CharField(_("编号"), max_length=40, blank=True)
    title = models.CharField(_("名称"), max_length=300, blank=True)
    key = models.CharField(max_length=80)
    """The division in an address, unique within the edition: bian5-zhang4 for 第五编第四章."""
    path = models.CharField(max_length=900)
    """The headings from the top down to this one, joined by line breaks."""

    class Meta:
        verbose_name = _("编章节")
        verbose_name_plural = _("编章节")
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="laws_division_position_unique"),
            models.UniqueConstraint(fields=["edition", "key"], name="laws_division_key_unique"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """Number and name: 第四章 离婚."""
        return join_heading(self.label, self.title)

    def get_absolute_url(self) -> str:
        """The page that shows this division alone."""
        return f"{self.edition.get_absolute_url()}part/{self.key}/"

    @property
    def path_headings(self) -> list[str]:
        """The headings from the top down to this one."""
        return self.path.split("\n")


class Article(models.Model):
    """The smallest piece of a law with an address of its own."""

    class Kind(models.TextChoices):
        """What a piece is."""

        ARTICLE = "article", pgettext_lazy("法律文本的单位", "条")
        """A numbered article, 第…条."""
        SECTION = "section", pgettext_lazy("法律文本的单位", "节段")
        """A numbered section (一、) of a text that has no articles."""
        TEXT = "text", _("正文")
        """Text without a number: a whole reply or notice, or what stands under a heading before its first article."""
        PREAMBLE = "preamble", _("序言")
        ANNEX = "annex", _("附件")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="articles")
    division = models.ForeignKey(Division, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    source = models.ForeignKey(SourceFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    line = models.PositiveIntegerField(default=0)
    """The line of the source file on which it begins."""
    position = models.PositiveIntegerField()
    """The order in the edition."""
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ARTICLE)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    sub = models.PositiveSmallIntegerField(default=0)
    """之一 is 1; 0 when there is none."""
    key = models.CharField(max_length=40)
    """The piece in an address, unique within the edition: 1079, 133-1, preamble, annex-2; 5~2 when the source has
    two articles with the number five."""
    label = models.CharField(_("条号"), max_length=60)
    """The number as the source writes it: 第一千零七十九条, 三、."""
    text = models.TextField(_("正文"))
    """Without the label; one paragraph a line."""

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("法条")
        verbose_name_plural = _("法条")
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="laws_article_key_unique"),
            models.CheckConstraint(condition=~Q(key=""), name="laws_article_key_not_empty"),
            models.CheckConstraint(
                condition=Q(kind__in=["article", "section"], number__isnull=False, number__gte=1)
                | Q(kind__in=["text", "preamble", "annex"], number=None),
                name="laws_article_numbered_by_kind",
            ),
        ]
        indexes = [models.Index(fields=["edition", "number", "sub"], name="laws_article_by_number")]

    def __str__(self) -> str:
        return self.citation

    @property
    def citation(self) -> str:
        """How the piece is cited: 《民法典》第一千零七十九条."""
        return f"{self.edition.law.quoted_title}{self.label}"

    @property
    def paragraphs(self) -> list[str]:
        """The text, paragraph by paragraph (款)."""
        return self.text.splitlines()

    def get_absolute_url(self) -> str:
        """The page of the piece, in the edition that it belongs to."""
        # Put together instead of reversed: a page has hundreds of these, an index sixty thousand.
        return f"{self.edition.get_absolute_url()}{self.key}/"


class Reference(models.Model):
    """One article names another. It holds the number, not the row, so that it survives a new edition."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="references")
    law = models.ForeignKey(Law, on_delete=models.CASCADE, related_name="referred_from")
    number = models.PositiveSmallIntegerField()
    sub = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("法条引用")
        verbose_name_plural = _("法条引用")
        constraints = [
            models.UniqueConstraint(fields=["article", "law", "number", "sub"], name="laws_reference_unique"),
        ]
        indexes = [models.Index(fields=["law", "number", "sub"], name="laws_reference_target")]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.law_id} {self.number}-{self.sub}"
