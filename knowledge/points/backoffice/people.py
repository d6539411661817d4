"""Households: the list, the form, who belongs to them, splitting and merging."""

from typing import Any

import django_filters
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from accounts import audit
from accounts.acting import ActionMixin
from accounts.filters import ListFilters
from accounts.viewsets import ScopedModelViewSet

from ..actions import households
from ..models import Household, Member
from . import forms
from .base import RowView


class HouseholdFilters(ListFilters):
    """Narrows the list of households."""

    closed = django_filters.BooleanFilter(label=_("已销户"), field_name="closed_on", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Household
        fields = ["village", "place", "closed"]


class HouseholdIndexView(generic.IndexView):
    """Households with their balances."""

    def get_base_queryset(self) -> Any:
        """With what the columns show."""
        return super().get_base_queryset().select_related("place", "balance")


class HouseholdCreateView(ActionMixin, generic.CreateView):
    """A new household."""

    def act(self, data: dict[str, Any]) -> Household:
        """Register."""
        today = timezone.localdate()
        household: Household = self.form.instance
        return households.register(household=household, by=self.request.user, joined_on=today)


class HouseholdEditView(ActionMixin, generic.EditView):
    """A household's data."""

    def act(self, data: dict[str, Any]) -> Household:
        """Change."""
        return households.change(household=self.form.instance, by=self.request.user)


class HouseholdViewSet(ScopedModelViewSet):
    """Households."""

    model = Household
    icon = "home"
    menu_label = _("农户")
    menu_order = 150
    index_view_class = HouseholdIndexView
    add_view_class = HouseholdCreateView
    edit_view_class = HouseholdEditView
    list_display = [
        TitleColumn("code", label=_("户号"), url_name="points_household", sort_key="code"),
        Column("head", label=_("户主"), sort_key="head"),
        Column("place", label=_("所在"), sort_key="place__path"),
        Column("masked_phone", label=_("手机号")),
        Column("balance", label=_("余额"), sort_key="balance__points"),
        Column("consent_on", label=_("同意具名")),
        Column("closed_on", label=_("销户")),
    ]
    filterset_class = HouseholdFilters
    form_class = forms.HouseholdForm
    list_export = ["village", "place", "code", "head", "masked_phone", "balance", "consent_on", "closed_on"]
    export_filename = "points-households"
    search_fields = ["code", "head"]
    ordering = ["village", "code"]

    def get_urlpatterns(self) -> Any:
        """Households are merged, never deleted."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "delete"]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No way to what is not there."""
        return super().get_index_view_kwargs(**kwargs) | {"delete_url_name": None}

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """No way to what is not there."""
        return super().get_edit_view_kwargs(**kwargs) | {"delete_url_name": None}


class HouseholdRowView(RowView):
    """What is done with one household."""

    model = Household
    listing = "points_households:index"
    header_icon = "home"

    def get_success_url(self) -> str:
        """The household."""
        return reverse("points_household", args=[self.object.pk])


class HouseholdView(HouseholdRowView):
    """A household: its people, its last lines, where it came from; and who joins."""

    readable = True
    form_class = forms.MemberForm
    template_name = "points/admin/household.html"
    page_title = _("农户")
    submit = _("加入")
    success_message = _("已加入。")

    def act(self, data: dict[str, Any]) -> Member:
        """Somebody joins."""
        return households.join(
            household=self.object,
            name=data["name"],
            relation=data["relation"],
            on=data["joined_on"],
            by=self.request.user,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All of it."""
        household: Household = self.object
        return super().get_context_data(**kwargs) | {
            "balance": household.balance.points,
            "members": household.members.order_by("left_on", "pk"),
            "lines": household.lines.order_by("-dated_on", "-pk")[:20],
            "origins": household.origins.select_related("former").order_by("on", "pk"),
            "successions": household.successions.select_related("later").order_by("on", "pk"),
            "audit": audit.lines_about(household)[:10],
        }


class SplitView(HouseholdRowView):
    """A second household out of one."""

    form_class = forms.SplitForm
    page_title = _("分户")
    success_message = _("已分户。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its members."""
        return super().get_form_kwargs() | {"household": self.object}

    def question(self, data: dict[str, Any]) -> str:
        """Who goes, as what, and who stays."""
        head, others = data["head"], data["others"]
        staying = self.object.members.current().exclude(pk__in=[head.pk, *(member.pk for member in others)])
        return _now(
            "分出%(code)s户：%(going)s，带走 %(points)d 分；留在原户：%(staying)s，与户主的关系不变。不能撤销，请核对。"
        ) % {
            "code": data["code"],
            "going": "、".join(
                f"{member.name}（{relation}）" for member, relation in ({head: _now("户主")} | others).items()
            ),
            "points": data["points"],
            "staying": "、".join(staying.order_by("joined_on", "pk").values_list("name", flat=True)) or "—",
        }

    def act(self, data: dict[str, Any]) -> Household:
        """Split."""
        return households.split(household=self.object, by=self.request.user, **data)


class MergeView(HouseholdRowView):
    """One household into another."""

    form_class = forms.MergeForm
    page_title = _("并户")
    success_message = _("已并户。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its village."""
        return super().get_form_kwargs() | {"household": self.object}

    def question(self, data: dict[str, Any]) -> str:
        """Who goes where, with what."""
        former: Household = self.object
        return _now(
            "%(former)s的 %(members)d 人、%(points)d 分并到%(later)s；"
            "%(former)s从此销户，原来的台账留着。并过去的人与户主的关系，并户以后逐个登记。不能撤销，请核对。"
        ) % {
            "former": former,
            "later": data["later"],
            "members": former.members.current().count(),
            "points": former.balance.points,
        }

    def act(self, data: dict[str, Any]) -> Household:
        """Merge."""
        return households.merge(former=self.object, later=data["later"], on=data["on"], by=self.request.user)


class MemberRowView(RowView):
    """What is done with somebody of a household."""

    model = Member
    listing = "points_households:index"
    header_icon = "home"

    def get_success_url(self) -> str:
        """The household."""
        return reverse("points_household", args=[self.object.household_id])


class RelationView(MemberRowView):
    """How somebody is related to the head."""

    form_class = forms.RelationForm
    page_title = _("与户主关系")
    submit = _("保存")
    success_message = _("已登记。")

    def get_initial(self) -> dict[str, Any]:
        """As it was said; nothing where nobody has."""
        said = self.object.relation
        return {"relation": "" if said == Member.UNSAID else said}

    def act(self, data: dict[str, Any]) -> Member:
        """Say so."""
        return households.relate(member=self.object, relation=data["relation"], by=self.request.user)


class LeaveView(MemberRowView):
    """Somebody leaves a household."""

    form_class = forms.DateForm
    page_title = _("离户")
    success_message = _("已离户。")

    def act(self, data: dict[str, Any]) -> Member:
        """Leave."""
        return households.leave(member=self.object, on=data["on"], by=self.request.user)
