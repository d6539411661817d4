"""How lists of the back office are narrowed by what has too many rows to be listed beside them: it is typed."""

from collections.abc import Iterator
from typing import Any, ClassVar

import django_filters
from django.db.models import DateField, ForeignKey, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.active_filters import ActiveFilter, BaseFilterAdapter, register_filter_adapter_class
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from accounts.scoping import appointments_of
from registry.places.models import Place, on_the_way, subtree

_MOST_PLACES = 200


class PlaceFilter(django_filters.CharFilter):
    """A place by its code or a part of its name, with everything below it.

    Typed, not chosen from a list: a county has hundreds of places. It narrows what the user reaches anyway.
    """

    def __init__(self, *args: Any, lookup: str = "place", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("地方（名称或代码）"))
        super().__init__(*args, **kwargs)
        self.lookup = lookup

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows at these places and below."""
        value = (value or "").strip()
        if not value:
            return qs
        meant = Q(code=value) | Q(name__contains=value)
        found = Place.objects.filter(meant, self._in_sight()).order_by("depth", "path")[:_MOST_PLACES]
        # Beyond so many namesakes, which only a whole country has, those below them are left out, and they are not.
        named = Q(**{f"{self.lookup}__code": value}) | Q(**{f"{self.lookup}__name__contains": value})
        return qs.filter(subtree(_topmost(found), self.lookup) | named)

    def _in_sight(self) -> Q:
        """Places that the user's lie in, or that lie in those: of namesakes elsewhere there is no row to show."""
        user = getattr(getattr(self.parent, "request", None), "user", None)
        if user is None or user.is_superuser:
            return Q()
        held = [appointment.place for appointment in appointments_of(user)]
        return subtree(held) | Q(path__in=on_the_way(place.path for place in held))


def _topmost(places: Any) -> list[Place]:
    """The places, given the widest first, without those that stand in another of them."""
    found: list[Place] = []
    for place in places:
        if not any(wider.holds(place) for wider in found):
            found.append(place)
    return found


class YesNoAdapter(BaseFilterAdapter):
    """A filter that is on, as people say it: Wagtail writes True and False."""

    def get_active_filters(self) -> Iterator[ActiveFilter]:
        """The one."""
        answer = gettext("是") if self.value else gettext("否")
        address = self.get_url_without_filter_param(self.name)
        yield ActiveFilter(self.bound_field.auto_id, self.filter.label, answer, address)


register_filter_adapter_class(django_filters.BooleanFilter, YesNoAdapter)


class ListFilters(WagtailFilterSet):
    """The filters that a list names in `list_filter`; places, and rows that are chosen in a dialog, are typed.

    Days are named with the lookup `range`: from one to another, either left open.
    """

    typed: ClassVar[dict[Any, str]] = {}
    """By model, the field that its rows are found by."""

    @classmethod
    def filter_for_field(cls, field: Any, field_name: str, lookup_expr: Any = None) -> Any:
        """A place or a name to type, days from and to; else what Wagtail makes of the field."""
        if lookup_expr == "range" and isinstance(field, DateField):
            return django_filters.DateFromToRangeFilter(
                field_name=field_name, label=field.verbose_name, widget=DateRangePickerWidget
            )
        target = field.related_model if isinstance(field, ForeignKey) and lookup_expr in (None, "exact") else None
        if target is Place:
            return PlaceFilter(lookup=field_name, label=_label(field, _("名称或代码")))
        if target in cls.typed:
            column = cls.typed[target]
            return django_filters.CharFilter(
                field_name=f"{field_name}__{column}", lookup_expr="contains", label=_label(field, _("名称"))
            )
        return super().filter_for_field(field, field_name, lookup_expr)


def _label(field: Any, what: Any) -> str:
    return f"{field.verbose_name}（{what}）"
