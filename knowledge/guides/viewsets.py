"""Topics in the back office."""

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from knowledge.guides.models import Topic


class TopicIndexView(IndexView):
    """Topics with how many pages each has: those with none or one are candidates for merging or deletion."""

    def get_base_queryset(self) -> QuerySet[Topic]:
        return super().get_base_queryset().annotate(pages=Count("links"))


class TopicViewSet(ModelViewSet):
    """Topics are made by typing them into a page; here they are renamed and deleted."""

    model = Topic
    icon = "tag"
    menu_label = _("主题")
    menu_order = 320
    add_to_admin_menu = False
    add_to_settings_menu = True
    index_view_class = TopicIndexView
    list_display = [
        TitleColumn("name", label=_("名称"), url_name="topics:edit", sort_key="name"),
        Column("slug", label=_("网址名"), sort_key="slug"),
        Column("pages", label=_("页面数"), sort_key="pages"),
    ]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    panels = [
        TitleFieldPanel("name", targets=[]),
        FieldPanel("slug", help_text=_("主题页的网址，定了就别改；留空会按名称的拼音生成")),
    ]
