"""The list of laws: what an address asks for, and what it gets. Every choice is in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .models import Law, LawKind

PER_PAGE = 30


class ListForm(forms.Form):
    """What the list is narrowed to and sorted by. Whatever is not understood is left out, never an error."""

    q = forms.CharField(label=_("按名称查找"), required=False, max_length=60)
    kind = forms.ChoiceField(required=False, choices=LawKind.choices)
    branch = forms.CharField(required=False, max_length=60)
    sort = forms.ChoiceField(required=False, choices=[("name", _("按名称")), ("date", _("按公布日期"))])


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as components/filters.html takes it."""

    label: str
    url: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A filter."""

    label: str
    choices: list[Choice]


@dataclass(slots=True)
class Listing:
    """One page of the list."""

    form: ListForm
    params: dict[str, str]
    page: Page
    total: int
    groups: list[Group]
    sorts: list[Choice]

    @property
    def query(self) -> str:
        """The query string of this list, without its page."""
        return urlencode(self.params)

    @property
    def clear_url(self) -> str:
        """The list without filters; empty when there are none."""
        kept = {name: value for name, value in self.params.items() if name in ("q", "sort")}
        return f"?{urlencode(kept)}" if kept != self.params else ""


def listing(query: QueryDict) -> Listing:
    """The page of the list that a query string asks for. Four queries at most."""
    form = ListForm(query)
    form.is_valid()
    params = {name: str(form.cleaned_data[name]) for name in form.fields if form.cleaned_data.get(name)}
    laws = Law.objects.containing(params.get("q", ""))
    counts = laws.kind_counts()
    of_kind = laws.of_kind(params.get("kind", ""))
    narrowed = of_kind.filter(branch=params["branch"]) if "branch" in params else of_kind
    paginator = Paginator(_sorted(narrowed, params), PER_PAGE)
    return Listing(
        form=form,
        params=params,
        page=paginator.get_page(query.get("page")),
        total=paginator.count,
        groups=[_kinds(params, counts), *_branches(params, of_kind)],
        sorts=_sorts(params),
    )


def _sorted(laws: QuerySet[Law], params: dict[str, str]) -> QuerySet[Law]:
    if params.get("sort") == "date":
        return laws.order_by(F("published_on").desc(nulls_last=True), "slug")
    # Slugs are pinyin: the order in which a reader looks for a name.
    return laws.order_by("slug")


def _kinds(params: dict[str, str], counts: dict[str, int]) -> Group:
    choices = [
        Choice(
            str(kind.label), _toggled(params, "kind", kind.value), counts[kind.value], params.get("kind") == kind.value
        )
        for kind in LawKind
        if counts.get(kind.value)
    ]
    return Group(str(_("类别")), choices)


def _branches(params: dict[str, str], laws: QuerySet[Law]) -> list[Group]:
    """The branches of the chosen kind, where there are several."""
    if "kind" not in params:
        return []
    counts = dict(laws.order_by().values_list("branch").annotate(Count("pk", distinct=True)))
    if len(counts) < 2:
        return []
    named = sorted(((branch, count) for branch, count in counts.items() if branch), key=lambda row: -row[1])
    choices = [
        Choice(branch, _toggled(params, "branch", branch), count, params.get("branch") == branch)
        for branch, count in named
    ]
    return [Group(str(_("部门")), choices)]


def _sorts(params: dict[str, str]) -> list[Choice]:
    chosen = params.get("sort") or "name"
    fields: Any = ListForm.base_fields["sort"]
    return [
        Choice(str(label), f"?{urlencode(params | {'sort': value})}", None, value == chosen)
        for value, label in fields.choices
    ]


def _toggled(params: dict[str, str], name: str, value: str) -> str:
    """The address with a filter set, or without it when it is set already. Another kind drops the branch."""
    kept = {key: held for key, held in params.items() if key != name and not (name == "kind" and key == "branch")}
    if params.get(name) != value:
        kept[name] = value
    return f"?{urlencode(kept)}"
