"""What can be reported: datasets, each the rows of one model, and the facts that stand in their columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.roles import permission_name
from accounts.scoping import rows_for

Text = str | Promise


class Kind(StrEnum):
    """What a fact is: how it is filtered, grouped, added up and shown."""

    TEXT = "text"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    PLACE = "place"
    DATE = "date"
    MOMENT = "moment"
    INTEGER = "integer"
    MONEY = "money"
    HALVES = "halves"
    """Hours, stored as half hours."""


SUMMED = frozenset({Kind.INTEGER, Kind.MONEY, Kind.HALVES})
TIMES = frozenset({Kind.DATE, Kind.MOMENT})


@dataclass(frozen=True)
class Fact:
    """A column of a dataset. `path` leads from a row to the value, as a lookup ("activity__title")."""

    key: str
    label: Text
    path: str
    kind: Kind = Kind.TEXT
    choices: Mapping[Any, Text] = field(default_factory=dict)

    @property
    def is_summed(self) -> bool:
        """Whether adding it up means something."""
        return self.kind in SUMMED

    def shown(self, value: Any) -> Any:
        """A stored value as a reader sees it; numbers and days stay numbers and days."""
        if value is None or value == "":
            return ""
        match self.kind:
            case Kind.CHOICE:
                return str(self.choices.get(value, value))
            case Kind.BOOLEAN:
                return _("是") if value else _("否")
            case Kind.HALVES:
                return Decimal(value) / 2
            case Kind.MONEY:
                # SQLite adds binary fractions.
                return Decimal(value).quantize(Decimal("0.01"))
            case _:
                return value


@dataclass(frozen=True)
class Dataset:
    """The rows of a model, and what is known of each.

    `narrow` leaves out rows that no report counts; `row_url` leads from a row's key to the row in the back office.
    """

    key: str
    title: Text
    model: type[Model]
    facts: tuple[Fact, ...]
    narrow: Callable[["QuerySet[Any]"], "QuerySet[Any]"] = lambda rows: rows
    row_url: Callable[[Any], str] | None = None
    counted: Text = ""
    """What one row is, for the heading of a count ("人次")."""

    @property
    def permission(self) -> str:
        """Who may see its rows."""
        return permission_name(self.model, "view")

    def fact(self, key: str) -> Fact:
        """The fact of this key. Raises KeyError."""
        for fact in self.facts:
            if fact.key == key:
                return fact
        raise KeyError(key)

    def rows(self, user: Any) -> "QuerySet[Any]":
        """The rows that a user's roles reach."""
        return self.narrow(rows_for(self.model, user))
