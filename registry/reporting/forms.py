"""Putting a report together: columns or groups, totals, filters, an order."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoping import places_for
from registry.places.models import Place
from registry.reporting import definition
from registry.reporting.definition import COUNT, LEVELS, OPERATORS, STEPS, Definition, Filter, Group
from registry.reporting.facts import TIMES, Dataset, Kind
from registry.reporting.models import Report

FILTER_ROWS = 5


class ReportForm(forms.Form):
    """A report over one dataset."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    description = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("显示的列"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不分组时，每一行显示这些列。"),
    )
    group_0 = forms.ChoiceField(label=gettext_lazy("先按什么分组"), required=False)
    group_1 = forms.ChoiceField(label=gettext_lazy("再按什么分组"), required=False)
    totals = forms.MultipleChoiceField(label=gettext_lazy("合计"), required=False, widget=forms.CheckboxSelectMultiple)
    order = forms.ChoiceField(label=gettext_lazy("排序"), required=False)
    shared_at = forms.ModelChoiceField(
        label=gettext_lazy("共享给"),
        queryset=Place.objects.none(),
        required=False,
        empty_label=gettext_lazy("不共享，只有我能看"),
        help_text=gettext_lazy("这个地方及以下的人都能打开；每个人只看得到自己范围里的数字。"),
    )

    def __init__(self, *args: Any, source: Dataset, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        columns = [(fact.key, fact.label) for fact in source.facts]
        totals = [(COUNT, source.counted), *((fact.key, fact.label) for fact in source.facts if fact.is_summed)]
        self._choose("columns", columns)
        self._choose("totals", totals)
        groups = [("", _("不分组")), *self._groups()]
        self._choose("group_0", groups)
        self._choose("group_1", [("", "—"), *groups[1:]])
        sortable = dict([*columns, *totals])
        ascending = [(key, _("%(column)s，从小到大") % {"column": label}) for key, label in sortable.items()]
        descending = [(f"-{key}", _("%(column)s，从大到小") % {"column": label}) for key, label in sortable.items()]
        self._choose("order", [("", _("不指定")), *ascending, *descending])
        places = places_for(user, "places.view_place").filter(kind__in=["county", "township", "village"])
        self.fields["shared_at"].queryset = places.order_by("path")  # type: ignore[attr-defined]
        for place in range(FILTER_ROWS):
            self._add_filter(place)

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _groups(self) -> list[tuple[str, str]]:
        found = []
        for fact in self.source.facts:
            if fact.kind in TIMES:
                found += [(f"{fact.key}:{step}", f"{fact.label}，{label}") for step, label in STEPS.items()]
            elif fact.kind is Kind.PLACE:
                found += [(f"{fact.key}:{level}", f"{fact.label}，{label}") for level, label in LEVELS.items()]
            elif not fact.is_summed:
                found.append((f"{fact.key}:", str(fact.label)))
        return found

    def _add_filter(self, place: int) -> None:
        conditions = [
            (f"{fact.key}:{operator}", f"{fact.label} {label}")
            for fact in self.source.facts
            for operator, label in OPERATORS[fact.kind].items()
        ]
        self.fields[f"filter_{place}"] = forms.ChoiceField(
            label=_("条件 %(number)d") % {"number": place + 1}, required=False, choices=[("", "—"), *conditions]
        )
        self.fields[f"value_{place}"] = forms.CharField(
            label=_("条件 %(number)d 的值") % {"number": place + 1}, required=False, max_length=100
        )

    @property
    def filter_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of condition and value."""
        return [(self[f"filter_{place}"], self[f"value_{place}"]) for place in range(FILTER_ROWS)]

    def clean(self) -> dict[str, Any]:
        """The definition, refused where it says what cannot be shown."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        cleaned["definition"] = stated = self._definition(cleaned)
        try:
            definition.check(stated, self.source)
        except ValidationError as error:
            for part, texts in error.message_dict.items():
                self.add_error({"groups": "group_0", "filters": None}.get(part, part), texts)
        return cleaned

    def _definition(self, cleaned: dict[str, Any]) -> Definition:
        groups = [Group(*cleaned[name].split(":")) for name in ("group_0", "group_1") if cleaned[name]]
        filters = []
        for place in range(FILTER_ROWS):
            if condition := cleaned[f"filter_{place}"]:
                fact, _colon, operator = condition.partition(":")
                filters.append(Filter(fact, operator, cleaned[f"value_{place}"]))
            elif cleaned[f"value_{place}"]:
                self.add_error(f"filter_{place}", _("填了值，没有选条件。"))
        return Definition(
            self.source.key,
            columns=tuple(cleaned["columns"]),
            groups=tuple(groups),
            totals=tuple(cleaned["totals"]) or (COUNT,),
            filters=tuple(filters),
            order=cleaned["order"],
        )


def initial(report: Report) -> dict[str, Any]:
    """What a saved report puts in the form."""
    stated = report.stated
    values: dict[str, Any] = {
        "title": report.title,
        "description": report.description,
        "columns": stated.columns,
        "totals": stated.totals,
        "order": stated.order,
        "shared_at": report.shared_at_id,
    }
    values |= {f"group_{place}": f"{group.fact}:{group.by}" for place, group in enumerate(stated.groups)}
    for place, one in enumerate(stated.filters):
        values |= {f"filter_{place}": f"{one.fact}:{one.operator}", f"value_{place}": one.value}
    return values
