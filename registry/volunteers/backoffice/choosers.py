"""The dialogs in which a volunteer or a team is chosen."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.forms import CharField, TextInput
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as chooser_views

from accounts.viewsets import ScopedChooser, ScopedChooserViewSet
from registry.volunteers.models import Team, Volunteer


def title_of(volunteer: Volunteer) -> str:
    """The name and the number masked."""
    return f"{volunteer.name}　{volunteer.masked_phone}"


class NameFilterForm(BaseFilterForm):
    """Finds rows by a part of their name."""

    shown_with: ClassVar[tuple[str, ...]] = ("place",)
    """What the list names beside each row."""

    q = CharField(label=_("查找"), required=False, max_length=60, widget=TextInput(attrs={"placeholder": _("名称")}))

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow down by what was typed."""
        objects = super().filter(objects).select_related(*self.shown_with)
        typed = (self.cleaned_data.get("q") or "").strip()
        if not typed:
            return objects
        self.is_searching, self.search_query = True, typed
        return objects.filter(name__contains=typed)


class VolunteerFilterForm(NameFilterForm):
    """Finds a volunteer by name."""

    q = CharField(label=_("查找"), required=False, max_length=60, widget=TextInput(attrs={"placeholder": _("姓名")}))


class VolunteerChooseMixin(chooser_views.BaseChooseView):
    """Lists volunteers so that namesakes are told apart."""

    filter_form_class = VolunteerFilterForm
    ordering = ["name", "pk"]

    @property
    def columns(self) -> list[Column]:
        """The name, the number masked, where they live."""
        title = self.title_column
        title.accessor = "name"
        return [title, Column("masked_phone", label=_("电话")), Column("place", label=_("居住地"))]


class VolunteerChooseView(VolunteerChooseMixin, chooser_views.ChooseView):
    """The dialog."""


class VolunteerChooseResultsView(VolunteerChooseMixin, chooser_views.ChooseResultsView):
    """The list in the dialog, when it is searched or turned over."""


class VolunteerChooser(ScopedChooser):
    """The field."""

    def get_display_title(self, instance: Volunteer) -> str:
        """Whom it is."""
        return title_of(instance)


class VolunteerChosenView(chooser_views.ChosenView):
    """What the field shows once one is chosen."""

    def get_display_title(self, instance: Volunteer) -> str:
        """Whom it is."""
        return title_of(instance)


class VolunteerChooserViewSet(ScopedChooserViewSet):
    """Chooses a volunteer by name, of those that the user reaches."""

    model = Volunteer
    icon = "user"
    per_page = 20
    base_widget_class = VolunteerChooser
    chosen_view_class = VolunteerChosenView
    choose_view_class = VolunteerChooseView
    choose_results_view_class = VolunteerChooseResultsView
    choose_one_text = _("选一名志愿者")
    choose_another_text = _("换一名志愿者")


class TeamFilterForm(NameFilterForm):
    """Finds a team by name."""

    shown_with = ("place", "organization")


class TeamChooseMixin(chooser_views.BaseChooseView):
    """Lists teams with whose they are: two villages may call one alike."""

    filter_form_class = TeamFilterForm
    ordering = ["name", "pk"]

    @property
    def columns(self) -> list[Column]:
        """The name, the place, the organization where it is one's."""
        return [self.title_column, Column("place", label=_("地方")), Column("organization", label=_("所属组织"))]


class TeamChooseView(TeamChooseMixin, chooser_views.ChooseView):
    """The dialog."""


class TeamChooseResultsView(TeamChooseMixin, chooser_views.ChooseResultsView):
    """The list in the dialog, when it is searched or turned over."""


class TeamChooserViewSet(ScopedChooserViewSet):
    """Chooses a team by name, of those that the user reaches."""

    model = Team
    icon = "group"
    per_page = 20
    choose_view_class = TeamChooseView
    choose_results_view_class = TeamChooseResultsView
    choose_one_text = _("选一支队伍")
    choose_another_text = _("换一支队伍")
