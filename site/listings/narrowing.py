"""A list narrowed as its address says, with the filters that stand beside it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

Text = str | Promise
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a list can be narrowed to or sorted by, and the address that does it, or undoes it when chosen."""

    value: str
    label: Text
    count: int | None
    """How many rows it would show; None where that is not told."""
    selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one filter."""

    name: str
    label: Text
    choices: list[Choice]


class Listing:
    """One page of a list with its filters and sortings. Subclasses say what there is to choose, and what it leaves.

    What is not known in an address is passed over, never an error: an old link still shows a list.
    """

    names: ClassVar[tuple[str, ...]]
    """The filters, as the address calls them."""
    orders: ClassVar[Mapping[str, tuple[Text, tuple[Any, ...]]]] = {}
    """The sortings: by name, what they are called and the fields. The first is the usual one: no address names it."""
    per_page: ClassVar[int] = 20

    def __init__(self, query: QueryDict) -> None:
        self._query = query

    def known(self) -> Mapping[str, Container[str]]:
        """The values that each filter can have."""
        raise NotImplementedError

    def found(self) -> "QuerySet[Any]":
        """The rows under the filters in force, in their order."""
        raise NotImplementedError

    def filters(self) -> Iterable[Group]:
        """Each filter with its values; `group` makes one."""
        raise NotImplementedError

    def asked(self, name: str) -> str:
        """What the address says for a name."""
        return str(self._query.get(name, "")).replace("\x00", "")[:_LONGEST]

    @cached_property
    def selected(self) -> dict[str, str]:
        """The filters in force: by name, the value."""
        known = self.known()
        return {name: value for name in self.names if (value := self.asked(name)) and value in known[name]}

    @cached_property
    def sort(self) -> str:
        """The sorting in force; empty where there is only one."""
        wanted = self.asked("sort")
        return wanted if wanted in self.orders else self._usual

    @property
    def order(self) -> tuple[Any, ...]:
        """The fields of the sorting in force, for `order_by`."""
        return self.orders[self.sort][1]

    @property
    def _usual(self) -> str:
        return next(iter(self.orders), "")

    @property
    def hidden(self) -> dict[str, str]:
        """What a search box beside the list carries along."""
        return self.selected | ({"sort": self.sort} if self.sort != self._usual else {})

    @property
    def searched(self) -> dict[str, str]:
        """What a search box beside the list put into the address."""
        return {}

    @cached_property
    def page(self) -> Page:
        """The page that was asked for; the nearest one when there is no such page."""
        return Paginator(self.found(), self.per_page).get_page(self._query.get("page"))

    @property
    def rows(self) -> list[Any]:
        """What this page shows."""
        return list(self.page.object_list)

    @property
    def total(self) -> int:
        """How many there are under the filters in force."""
        return int(self.page.paginator.count)

    @cached_property
    def groups(self) -> list[Group]:
        """The filters that have values to choose from."""
        return [group for group in self.filters() if group.choices]

    def group(self, name: str, label: Text, values: Iterable[tuple[str, Text, int | None]]) -> Group:
        """A filter, from its values with what they are called and count; those of nothing are left out."""
        chosen = self.selected.get(name)
        choices = [
            Choice(value, text, count, value == chosen, self.address(**{name: "" if value == chosen else value}))
            for value, text, count in values
            if count != 0 or value == chosen
        ]
        return Group(name, label, choices)

    @property
    def sorts(self) -> list[Choice]:
        """The sortings, as choices without counts."""
        return [
            Choice(name, label, None, name == self.sort, self.address(sort="" if name == self._usual else name))
            for name, (label, _fields) in self.orders.items()
        ]

    @property
    def clear_url(self) -> str:
        """The address without any filter; empty when none is in force."""
        without = dict.fromkeys(self.selected | self.searched, "")
        return self.address(**without) if without else ""

    @property
    def base_query(self) -> str:
        """The address's query without the page, for the pagination."""
        return self.address().removeprefix("?")

    def address(self, **changes: str) -> str:
        """The address of this list, its first page, with some of what it says changed; "" takes it out."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in (self.hidden | self.searched | changes).items() if value})
        return f"?{query.urlencode()}"
