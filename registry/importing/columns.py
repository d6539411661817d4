"""The columns of a spreadsheet: what each is called, what may stand in it, and how it is read."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from accounts.scoping import places_for
from registry.importing import cells
from registry.importing.reading import is_error
from registry.places.models import Place

_LONGEST_TYPED = 40
"""Characters of a cell that a list of refusals shows: enough to find the row again."""


class CellWidget(Widget):
    """Reads a cell by a function of `cells`, and shows a value in a list of changes."""

    def __init__(self, clean: Callable[[Any], Any]) -> None:
        super().__init__(coerce_to_string=True)
        self._clean = clean

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The value that a cell means. Raises ValueError with the reason where it means none."""
        if is_error(value):
            raise ValueError(_("单元格里是公式错误 %(error)s。") % {"error": value})
        return self._clean(value)


class Column(Field):
    """A column.

    heading: what stands above it, in Chinese. attribute: of the instance that the row makes. clean: a function of
    `registry.importing.cells`, or one that takes a cell and returns a value or raises ValueError. choices: value to
    what people write; the template offers them in a list. secret: masks what a check shows and keeps.
    """

    def __init__(
        self,
        heading: str | Promise,
        attribute: str,
        clean: Callable[[Any], Any] = cells.text,
        *,
        required: bool = False,
        choices: Mapping[Any, str | Promise] | None = None,
        help_text: str | Promise = "",
        example: str = "",
        secret: Callable[[str], str] | None = None,
        max_length: int | None = None,
    ) -> None:
        self.heading = heading
        self.required = required
        self.choices = choices
        self.help_text = help_text
        self.example = example
        self.secret = secret
        self.max_length = max_length
        super().__init__(attribute=attribute, column_name=str(heading), widget=CellWidget(clean))

    def clean(self, row: Mapping[str, Any], **kwargs: Any) -> Any:
        """The row's value in this column. Raises ValueError with the reason."""
        value = super().clean(row, **kwargs)
        if value is None or value == "":
            if self.required:
                raise ValueError(_("不能为空。"))
            return value
        if self.max_length and isinstance(value, str) and len(value) > self.max_length:
            stated = {"limit": self.max_length, "count": len(value)}
            raise ValueError(_("最多 %(limit)d 个字，这里有 %(count)d 个。") % stated)
        return self._chosen(value) if self.choices else value

    def _chosen(self, value: Any) -> Any:
        assert self.choices is not None
        for key, label in self.choices.items():
            if str(value) in {str(label), str(key)}:
                return key
        known = "、".join(map(str, self.choices.values()))
        raise ValueError(_("“%(value)s”不在可选范围里：%(known)s。") % {"value": value, "known": known})

    def shown(self, value: Any) -> str:
        """A value as the list of changes shows it."""
        if value is None or value == "":
            return ""
        if self.choices:
            return str(self.choices.get(value, value))
        if isinstance(value, bool):
            return _("是") if value else _("否")
        return self.secret(str(value)) if self.secret else str(value)

    def typed(self, cell: Any) -> str:
        """A cell as it stands in the file, for a list of refusals: masked where it is secret, and shortened."""
        found = cells.text(cell) or ""
        shown = self.secret(found) if self.secret else found
        return shown if len(shown) <= _LONGEST_TYPED else shown[: _LONGEST_TYPED - 1] + "…"


class PlaceReader:
    """Reads a place by its code or its name, among those where the user may do something."""

    def __init__(self, user: Any, permission: str) -> None:
        self.places = places_for(user, permission)
        self._known: dict[str, Place] = {}

    def __call__(self, value: Any) -> Place | None:
        """The place. Raises ValueError for one that is not there, not within reach, or named like another."""
        found = cells.narrow(value)
        if found is None:
            return None
        if found not in self._known:
            self._known[found] = self._one(found)
        return self._known[found]

    def _one(self, found: str) -> Place:
        if by_code := self.places.filter(code=found).first():
            return by_code
        named = list(self.places.filter(name=found)[:2])
        if len(named) > 1:
            raise ValueError(_("叫“%(name)s”的地方不止一个，请填它的代码。") % {"name": found})
        if not named:
            raise ValueError(_("在您管理的范围里没有“%(name)s”。") % {"name": found})
        return named[0]
