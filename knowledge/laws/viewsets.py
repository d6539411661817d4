"""The back office of laws: laws and editions to look at, short names to keep."""

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from . import actions
from .choosers import article_chooser_viewset, law_chooser_viewset
from .models import Edition, Law, LawName
from .names import name_key
from .querysets import LawQuerySet

__all__ = ["LawsGroup", "article_chooser_viewset", "law_chooser_viewset"]


_CURRENT = BooleanColumn("is_current", label=_("现行文本"), sort_key="is_current")


class LawIndexView(generic.IndexView):
    """Laws, found by any of their names."""

    def get_base_queryset(self) -> QuerySet[Law]:
        return super().get_base_queryset().annotate(edition_count=Count("editions"))

    def search_queryset(self, queryset: LawQuerySet) -> LawQuerySet:
        if not self.is_searching:
            return queryset
        found = Law.objects.containing(self.search_query).values("pk")
        return queryset.filter(pk__in=found)


class LawInspectView(generic.InspectView):
    """A law with its names, editions and public page."""

    def get_address_display_value(self) -> SafeString:
        """A link to the public page."""
        url = self.object.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url)

    def get_all_names_display_value(self) -> str:
        """Every name, and where it came from."""
        return "、".join(f"{name.name}（{name.get_origin_display()}）" for name in self.object.names.all())

    def get_all_editions_display_value(self) -> SafeString:
        """Links to the texts, the newest first."""
        editions = self.object.editions.select_related("law").order_by("-published_on")
        links = ((edition.get_absolute_url(), edition.date_slug) for edition in editions)
        return format_html_join("、", '<a href="{}">{}</a>', links)

    def get_field_label(self, field_name: str, field: object) -> str:
        labels = {"address": _("公开页面"), "all_names": _("名称"), "all_editions": _("历次文本")}
        return str(labels.get(field_name) or super().get_field_label(field_name, field))


class LawViewSet(ModelViewSet):
    """Laws. Only an import changes them; their short names have a list of their own."""

    model = Law
    icon = "doc-full"
    menu_label = _("法律")
    menu_order = 10
    index_view_class = LawIndexView
    inspect_view_class = LawInspectView
    inspect_view_enabled = True
    inspect_view_fields = [
        "title",
        "short_title",
        "all_names",
        "kind",
        "branch",
        "published_on",
        "all_editions",
        "address",
    ]
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["short_title", "kind", "branch", "published_on", Column("edition_count", label=_("文本数"))]
    list_filter = ["kind", "branch"]
    search_fields = ["title"]
    search_backend_name = None
    ordering = ["slug"]
    form_fields = ["title"]


class EditionIndexView(generic.IndexView):
    """Editions with the number of their articles."""

    def get_base_queryset(self) -> QuerySet[Edition]:
        editions = super().get_base_queryset().select_related("law", "replaced_by")
        return editions.annotate(article_count=Count("articles"))


class EditionInspectView(generic.InspectView):
    """An edition with its history and the files that it was read from."""

    def get_files_display_value(self) -> str:
        """The source files, copies marked."""
        files = self.object.sources.all()
        return "；".join(f"{file.path}{'（重复）' if file.is_copy else ''}" for file in files)

    def get_address_display_value(self) -> SafeString:
        """A link to the public page."""
        url = self.object.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url)

    def get_field_label(self, field_name: str, field: object) -> str:
        labels = {"address": _("公开页面"), "files": _("来源文件")}
        return str(labels.get(field_name) or super().get_field_label(field_name, field))


class EditionViewSet(ModelViewSet):
    """The texts of laws, current and replaced. Only an import changes them."""

    model = Edition
    icon = "history"
    menu_label = _("历次文本")
    menu_order = 20
    index_view_class = EditionIndexView
    inspect_view_class = EditionInspectView
    inspect_view_enabled = True
    inspect_view_fields = [
        "title",
        "published_on",
        "effective_on",
        "is_current",
        "replaced_by",
        "history",
        "files",
        "updated_at",
        "address",
    ]
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["title", "published_on", "effective_on", _CURRENT, Column("article_count", label=_("条数"))]
    list_filter = ["is_current"]
    search_fields = ["title"]
    search_backend_name = None
    ordering = ["title", "-published_on"]
    form_fields = ["title"]


class NameForm(WagtailAdminModelForm):
    """A short name; refused when it means a law already."""

    def clean_name(self) -> str:
        """Say which law has the name."""
        name = self.cleaned_data["name"].strip()
        if not (key := name_key(name)):
            raise ValidationError(_("简称里要有文字。"))
        taken = LawName.objects.filter(key=key).exclude(pk=self.instance.pk).select_related("law").first()
        if taken:
            raise ValidationError(_("“%(name)s”已经是%(law)s的名称。") % {"name": name, "law": taken.law.quoted_title})
        return name


class NameIndexView(generic.IndexView):
    """The names that editors gave; those that follow from titles are shown with their law."""

    def get_base_queryset(self) -> QuerySet[LawName]:
        names = super().get_base_queryset().select_related("law")
        return names.filter(origin=LawName.Origin.EDITOR)


class NameCreateView(generic.CreateView):
    """A new name, saved by the action."""

    def save_instance(self) -> LawName:
        return actions.save_name(name=self.form.save(commit=False))


class NameEditView(generic.EditView):
    """A changed name, saved by the action."""

    def save_instance(self) -> LawName:
        return actions.save_name(name=self.form.save(commit=False))


class NameDeleteView(generic.DeleteView):
    """A name taken away by the action."""

    def delete_action(self) -> None:
        actions.delete_name(name=self.object)


class LawNameViewSet(ModelViewSet):
    """Short names: used in the search box, in citations and in links."""

    model = LawName
    icon = "tag"
    menu_label = _("简称")
    menu_order = 30
    index_view_class = NameIndexView
    add_view_class = NameCreateView
    edit_view_class = NameEditView
    delete_view_class = NameDeleteView
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = [TitleColumn("name", label=_("简称"), url_name="law_names:edit", sort_key="name"), "law"]
    search_fields = ["name", "law__title"]
    ordering = ["name"]
    edit_handler = ObjectList(
        [
            FieldPanel("law", widget=law_chooser_viewset.widget_class),
            FieldPanel("name", help_text=_("居民会输入、文章会写的叫法，如“道交法”；一个简称只能指一部法律")),
        ],
        base_form_class=NameForm,
    )


class LawsGroup(ModelViewSetGroup):
    """The menu."""

    menu_label = _("法律法规")
    menu_name = "laws"
    menu_icon = "doc-full"
    menu_order = 250
    items = (LawViewSet("law_index"), EditionViewSet("law_editions"), LawNameViewSet("law_names"))
