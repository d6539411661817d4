"""The search's desk in the back office: the table of synonyms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from . import synonyms
from .models import SynonymGroup


class SynonymForm(WagtailAdminModelForm):
    """A group of synonyms. Refused when a lay word stands in another active group, which is linked to."""

    def _post_clean(self) -> None:
        """Once both sides are in order, refuse words that another group has: nobody would see why both answer."""
        super()._post_clean()
        if self.errors or not self.instance.active:
            return
        taken = synonyms.owners(synonyms.split(self.instance.words), besides=self.instance.pk)
        for word, group in taken.items():
            self.add_error("words", _refusal(word, group))


def _refusal(word: str, group: SynonymGroup) -> forms.ValidationError:
    link = format_html('<a href="{}">{}</a>', reverse("synonyms:edit", args=(group.pk,)), str(group))
    return forms.ValidationError(format_html(gettext("“{}”已经在另一组里：{}。请改那一组，或者先停用它。"), word, link))


class SynonymCreateView(generic.CreateView):
    """A new group; the words may come with the address, as from the report on unanswered queries."""

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"words": self.request.GET.get("words", "")[: synonyms.MAX_WORD]}

    def save_instance(self) -> SynonymGroup:
        group: SynonymGroup = super().save_instance()
        warn_of_general_words(self.request, group)
        return group


class SynonymEditView(generic.EditView):
    """A group as it is."""

    def save_instance(self) -> SynonymGroup:
        group: SynonymGroup = super().save_instance()
        warn_of_general_words(self.request, group)
        return group


def warn_of_general_words(request: HttpRequest, group: SynonymGroup) -> None:
    """Say which words stand in so many documents that they hardly help to find any."""
    if group.active and (words := synonyms.general_words(group)):
        messages.warning(
            request,
            _("这些词太宽泛，几乎到处都有，加进来可能让结果变差：%(words)s。请到“试一试”看看效果。")
            % {"words": synonyms.join(words)},
        )


class SynonymIndexView(generic.IndexView):
    """All groups, searched by either side, in either script."""

    def search_queryset(self, queryset: "QuerySet[SynonymGroup]") -> "QuerySet[SynonymGroup]":
        if not self.is_searching:
            return queryset
        return queryset.filter(pk__in=synonyms.containing(queryset, self.search_query))


class SynonymViewSet(ModelViewSet):
    """Synonyms: what is saved here counts from the next query on."""

    model = SynonymGroup
    name = "synonyms"
    icon = "list-ul"
    menu_label = _("同义词")
    index_view_class = SynonymIndexView
    add_view_class = SynonymCreateView
    edit_view_class = SynonymEditView
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = [
        TitleColumn("words", label=_("日常说法"), url_name="synonyms:edit", sort_key="words"),
        Column("expansions", label=_("法律用语"), sort_key="expansions"),
        Column("field", label=_("领域"), sort_key="field"),
        BooleanColumn("active", label=_("启用"), sort_key="active"),
        DateColumn("updated_at", label=_("更新时间"), sort_key="updated_at"),
    ]
    list_filter = ["field", "active"]
    list_export = ["words", "expansions", "field", "active", "updated_at"]
    export_filename = "synonyms"
    search_fields = ["words", "expansions"]
    search_backend_name = None
    ordering = ["field", "words"]
    list_per_page = 50

    edit_handler = ObjectList(
        [FieldPanel("words"), FieldPanel("expansions"), FieldPanel("field"), FieldPanel("active")],
        base_form_class=SynonymForm,
    )
