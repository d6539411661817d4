"""The search as it stands in an address: parsed, cleaned, bounded. Nothing in it can be wrong enough for an error."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .analysis import MAX_QUERY_CHARS, clean
from .documents import facet_values
from .results import Filters

SORTS = {"relevance": _("最相关"), "newest": _("最新")}

FACETS = {
    "kind": "kinds",
    "life_event": "life_events",
    "law_kind": "law_kinds",
    "topic": "topics",
    "law": "laws",
    "place": "places",
}
"""The parameters that narrow a search, and the facets that they set, in the order of the filter panel."""

FACET_TITLES = {
    "kinds": _("内容类型"),
    "life_events": _("生活事件"),
    "law_kinds": _("法律类别"),
    "topics": _("主题"),
    "laws": _("法律"),
    "places": _("地方"),
}

MAX_VALUES = 20
"""Values of one facet; more are no choice of a person's."""
MAX_VALUE_CHARS = 100
MAX_PAGE = 1_000_000
_DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


class ValuesField(forms.Field):
    """All values of a repeated parameter: cleaned, each once, a bounded number."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[str, ...]:
        """The values as a tuple."""
        values = (clean(str(item)).strip()[:MAX_VALUE_CHARS] for item in value or ())
        return tuple(dict.fromkeys(item for item in values if item))[:MAX_VALUES]


class QueryField(forms.CharField):
    """What was typed: without what no page can hold, spaces joined. How long it may be, the search decides."""

    def clean(self, value: Any) -> str:
        """The text, at most a little longer than what is searched, so that the search can say that it was cut."""
        return " ".join(clean(str(value or "")[: MAX_QUERY_CHARS * 10]).split())[: MAX_QUERY_CHARS + 1]


class SearchForm(forms.Form):
    """The parameters of the results page. `ignored` says which were left out because nothing can be done with them."""

    q = QueryField(label=_("查询"), required=False)
    kind = ValuesField(required=False)
    life_event = ValuesField(required=False)
    law_kind = ValuesField(required=False)
    topic = ValuesField(required=False)
    law = ValuesField(required=False)
    place = ValuesField(required=False)
    since = forms.DateField(
        label=_("从"), required=False, input_formats=_DATE_FORMATS, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("到"), required=False, input_formats=_DATE_FORMATS, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    sort = forms.ChoiceField(label=_("排序"), required=False, choices=list(SORTS.items()))
    page = forms.IntegerField(label=_("页码"), required=False, min_value=1, max_value=MAX_PAGE)

    def __init__(self, data: QueryDict) -> None:
        # A repeated parameter that may stand once: the last one counts, as Django reads it.
        super().__init__(_readable(data), auto_id="search-%s")
        self.ignored: list[str] = []
        self.full_clean()

    def full_clean(self) -> None:
        """Clean every field; what cannot be read is noted in `ignored` and left out."""
        super().full_clean()
        self.ignored = [
            gettext("“%(label)s”填的“%(value)s”看不懂，已忽略。")
            % {"label": self.fields[name].label, "value": self._shown(name)}
            for name in self.errors
        ]
        for parameter, facet in FACETS.items():
            self._drop_unknown(parameter, facet)
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.ignored.append(gettext("开始日期晚于结束日期，已对调。"))
            self.cleaned_data |= {"since": until, "until": since}

    def _drop_unknown(self, parameter: str, facet: str) -> None:
        known = facet_values(facet)
        chosen: tuple[str, ...] = self.cleaned_data.get(parameter) or ()
        if not known:
            return
        self.cleaned_data[parameter] = tuple(value for value in chosen if value in known)
        self.ignored += [
            gettext("没有“%(value)s”这个筛选条件，已忽略。") % {"value": value[:20]}
            for value in chosen
            if value not in known
        ]

    def _shown(self, name: str) -> str:
        return clean(str(self.data.get(name, "")))[:20]

    @property
    def text(self) -> str:
        """The query; at most one character longer than what is searched."""
        return str(self.cleaned_data["q"])

    @property
    def page_number(self) -> int:
        """The page asked for; 1 where none is."""
        return self.cleaned_data.get("page") or 1

    @property
    def sort_order(self) -> str:
        """One of SORTS."""
        return self.cleaned_data.get("sort") or "relevance"

    @property
    def filters(self) -> Filters:
        """What the search is narrowed to."""
        chosen = {facet: self.cleaned_data[parameter] for parameter, facet in FACETS.items()}
        return Filters(**chosen, since=self.cleaned_data.get("since"), until=self.cleaned_data.get("until"))

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that count, as they stand in an address: without the page, without what was ignored."""
        found = [("q", self.text)] if self.text else []
        found += [(name, value) for name in FACETS for value in self.cleaned_data[name]]
        found += [(name, str(day)) for name in ("since", "until") if (day := self.cleaned_data.get(name))]
        if self.sort_order != "relevance":
            found.append(("sort", self.sort_order))
        return found

    def address(self, *, without: Iterable[tuple[str, str]] = (), plus: Iterable[tuple[str, str]] = ()) -> str:
        """The address of this search with some parameters taken away and others added; back on its first page."""
        gone = set(without)
        pairs = [pair for pair in self.pairs() if pair not in gone]
        return "?" + urlencode(pairs + [pair for pair in plus if pair not in pairs])


def _readable(data: QueryDict) -> QueryDict:
    """The parameters without empty ones, so that `?since=&kind=` is a form sent with empty fields, not a mistake."""
    readable = QueryDict(mutable=True)
    for name, values in data.lists():
        readable.setlist(name, [value for value in values if value.strip()])
    return readable
