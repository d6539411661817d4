"""The dialogs in which editors choose an article or a law."""

from typing import Any

from django.db.models import Q, QuerySet
from django.forms import CharField, TextInput
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as chooser_views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from . import lookup
from .models import Article, Law
from .names import name_key
from .querysets import LawQuerySet


class ArticleFilterForm(BaseFilterForm):
    """Finds articles by what an editor types: a law and a number, a law's name, or words of the text."""

    q = CharField(
        label=_("查找法条"),
        required=False,
        max_length=120,
        widget=TextInput(attrs={"placeholder": _("民法典1079条，或者法律名称、条文里的词")}),
    )

    def filter(self, objects: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow down the articles by the query."""
        objects = super().filter(objects)
        query = (self.cleaned_data.get("q") or "").strip()
        if not query:
            return objects
        self.is_searching, self.search_query = True, query
        return find_articles(objects, query)


def find_articles(articles: QuerySet[Article], query: str) -> QuerySet[Article]:
    """The articles that a query means: of a law and a number the article, of words those whose law or text has them."""
    typed = lookup.read(query)
    if typed and (law := lookup.find_law(typed.name)):
        return articles.filter(edition__law=law, number=typed.number).order_by("sub")
    if law := lookup.find_law(query):
        return articles.filter(edition__law=law).order_by("position")
    first, *rest = query.split()
    if rest and (law := lookup.find_law(first)):
        return articles.filter(edition__law=law).filter(_holding(rest)).order_by("position")
    return articles.filter(_holding(query.split())).order_by("edition__law__short_title", "position")


def _holding(words: list[str]) -> Q:
    condition = Q()
    for word in words:
        named = Q(edition__law__title_key__contains=name_key(word)) if name_key(word) else Q()
        condition &= Q(text__contains=word) | named
    return condition


class ArticleChooseMixin(chooser_views.BaseChooseView):
    """Lists articles in force with their place and the beginning of their text."""

    filter_form_class = ArticleFilterForm

    def get_object_list(self) -> QuerySet[Article]:
        return Article.objects.searchable().with_place().order_by("edition__law__short_title", "position")

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,
            Column("division", label=_("位置"), accessor=lambda article: str(article.division or "")),
            Column("text", label=_("正文"), accessor=lambda article: shorten(article.text)),
        ]


def shorten(text: str, length: int = 60) -> str:
    """The beginning of a text in one line."""
    line = text.replace("\n", " ")
    return line if len(line) <= length else f"{line[:length]}…"


class ArticleChooseView(ArticleChooseMixin, chooser_views.ChooseView):
    """The dialog."""


class ArticleChooseResultsView(ArticleChooseMixin, chooser_views.ChooseResultsView):
    """The list in the dialog, when it is searched or turned over."""


class ArticleChooserWidget(BaseChooser):
    """The field: shows the citation, and when its edition was replaced, that it was. Links to the public page."""

    classname = "article-chooser"

    def get_instance(self, value: Article | int | str | None) -> Article | None:
        if value is None or isinstance(value, Article):
            return value
        return Article.objects.with_place().filter(pk=value).first()

    def get_display_title(self, instance: Article) -> str:
        replaced = "" if instance.edition.is_current else _("（该文本已被取代）")
        return f"{instance.citation}{replaced}"

    def get_value_data_from_instance(self, instance: Article) -> dict[str, Any]:
        return super().get_value_data_from_instance(instance) | {"edit_url": instance.get_absolute_url()}


class ArticleChooserViewSet(ChooserViewSet):
    """Chooses an article: by law and number, by the name of the law, by words of the text."""

    model = Article
    icon = "doc-full"
    per_page = 12
    choose_one_text = _("选择法条")
    choose_another_text = _("换一条")
    edit_item_text = _("查看法条")
    choose_view_class = ArticleChooseView
    choose_results_view_class = ArticleChooseResultsView
    base_widget_class = ArticleChooserWidget


article_chooser_viewset = ArticleChooserViewSet("article_chooser")
ArticleChooserBlock = article_chooser_viewset.get_block_class(
    name="ArticleChooserBlock", module_path="knowledge.laws.choosers"
)


class LawFilterForm(BaseFilterForm):
    """Finds laws by any of their names."""

    q = CharField(label=_("查找法律"), required=False, max_length=60)

    def filter(self, objects: LawQuerySet) -> LawQuerySet:
        """Narrow down the laws by the query."""
        objects = super().filter(objects)
        if query := (self.cleaned_data.get("q") or "").strip():
            self.is_searching, self.search_query = True, query
            return objects.containing(query)
        return objects


class LawChooseMixin(chooser_views.BaseChooseView):
    """Lists laws with their kind."""

    filter_form_class = LawFilterForm

    @property
    def columns(self) -> list[Column]:
        return [self.title_column, Column("kind", label=_("类别"), accessor="get_kind_display")]


class LawChooseView(LawChooseMixin, chooser_views.ChooseView):
    """The dialog."""


class LawChooseResultsView(LawChooseMixin, chooser_views.ChooseResultsView):
    """The list in the dialog."""


class LawChooserViewSet(ChooserViewSet):
    """Chooses a law by any of its names."""

    model = Law
    icon = "doc-full"
    per_page = 12
    choose_one_text = _("选择法律")
    choose_another_text = _("换一部")
    edit_item_text = _("查看法律")
    choose_view_class = LawChooseView
    choose_results_view_class = LawChooseResultsView


law_chooser_viewset = LawChooserViewSet("law_chooser")
