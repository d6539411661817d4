"""What stands around the results: filters with their counts, what is chosen, the ways to sort, where else to look."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from listings.narrowing import Choice, Group

from .documents import facet_url, facet_values
from .forms import FACET_TITLES, FACETS, SORTS, SearchForm
from .results import FacetValue, Results

UNLISTED = {"law"}
"""Parameters that only a link sets: their values are slugs, too many to choose from."""
MAX_SHOWN = 10
"""Values of one facet in the panel, the most frequent first; chosen ones stay beyond that."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address and what it is called; `current` marks where the reader is."""

    label: str | Promise
    url: str
    current: bool = False


def groups(form: SearchForm, results: Results) -> list[Group]:
    """The facets with at least two values to choose from, or with a chosen one."""
    made = []
    for parameter, facet in FACETS.items():
        choices = _choices(form, parameter, results.facets.get(facet, []))
        if len(choices) > 1 or any(choice.selected for choice in choices):
            made.append(Group(parameter, FACET_TITLES[facet], choices))
    return made


def _choices(form: SearchForm, parameter: str, counted: list[FacetValue]) -> list[Choice]:
    labels = facet_values(FACETS[parameter])
    chosen: tuple[str, ...] = form.cleaned_data[parameter]
    counts = {value.value: value.count for value in counted}
    # A chosen value stays visible with nothing behind it, so that it can be taken back.
    offered = [value for value in counts if counts[value] or value in chosen]
    offered += [value for value in chosen if value not in counts]
    place = {value: number for number, value in enumerate(labels)}
    offered.sort(key=lambda value: (place.get(value, len(place)), -counts.get(value, 0), value))
    if parameter in UNLISTED:
        offered = [value for value in offered if value in chosen]
    elif not labels:
        offered = [value for rank, value in enumerate(offered) if rank < MAX_SHOWN or value in chosen]
    return [
        Choice(value, labels.get(value, value), counts.get(value, 0), value in chosen, _toggled(form, parameter, value))
        for value in offered
    ]


def _toggled(form: SearchForm, parameter: str, value: str) -> str:
    pair = [(parameter, value)]
    return form.address(without=pair) if value in form.cleaned_data[parameter] else form.address(plus=pair)


def chips(form: SearchForm) -> list[Link]:
    """What is chosen, each with the address without it."""
    made = []
    for parameter, facet in FACETS.items():
        labels = facet_values(facet)
        made += [
            Link(labels.get(value, value), form.address(without=[(parameter, value)]))
            for value in form.cleaned_data[parameter]
        ]
    for name, label in (("since", _("%(day)s 起")), ("until", _("%(day)s 止"))):
        if day := form.cleaned_data.get(name):
            made.append(Link(label % {"day": day}, form.address(without=[(name, str(day))])))
    return made


def clear_url(form: SearchForm) -> str:
    """The address without any filter; empty when there is none."""
    return "?" + urlencode({"q": form.text}) if form.filters else ""


def sorts(form: SearchForm) -> list[Link]:
    """The ways to sort."""
    now = [("sort", form.sort_order)]
    return [
        Link(label, form.address(without=now, plus=[] if name == "relevance" else [("sort", name)]), name == now[0][1])
        for name, label in SORTS.items()
    ]


def life_events() -> list[Link]:
    """The pages about what happens in a life, where an app offers them."""
    return [
        Link(label, url)
        for value, label in facet_values("life_events").items()
        if (url := facet_url("life_events", value))
    ]
