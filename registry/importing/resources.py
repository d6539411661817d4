"""What an app takes from a spreadsheet: a resource of django-import-export that writes through the app's actions."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from import_export import resources
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result, RowResult
from tablib import Dataset

from registry.importing.columns import Column
from registry.importing.reading import Sheet

logger = logging.getLogger(__name__)

NEW, UPDATE, SKIP, REFUSED = "new", "update", "skip", "refused"


@dataclass(slots=True)
class Outcome:
    """What becomes of one row: added, changed, left as it is, or refused and why."""

    row: int
    kind: str
    label: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    """Heading, what stood there, what stands there now; secrets masked."""
    errors: list[tuple[str, str]] = field(default_factory=list)
    """Heading ("" for the row as a whole) and reason."""
    cells: list[tuple[str, str]] = field(default_factory=list)
    """Of a refused row: heading and what stands below it, for each cell that is not empty; secrets masked."""


class SheetResource(resources.Resource):
    """The rows of a sheet as instances of a model.

    A subclass declares its columns as class attributes, and gives

    - `key`, `title`, `model`, `permission` ("volunteers.add_hourline"), a `description` for the upload page;
    - `find(row)`: the instance that a row is about, or None for a new one; `row` holds cleaned values by attribute;
    - `write(instance, row, new)`: store it by the app's action. ValidationErrors are told at the row.

    The same file twice changes nothing: a row whose values all stand already is left alone.
    """

    key: ClassVar[str]
    title: ClassVar[str | Promise]
    description: ClassVar[str | Promise] = ""
    model: ClassVar[type[Any]]
    permission: ClassVar[str]
    do_not_call_in_templates: ClassVar[bool] = True

    class Meta:
        """Compare before writing, report what was left alone, everything in one transaction."""

        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        store_instance = True
        instance_loader_class = BaseInstanceLoader

    def __init__(self, *, by: Any, progress: Callable[[int, int], None] | None = None) -> None:
        super().__init__()
        self.by = by
        self.outcomes: list[Outcome] = []
        self._progress = progress or (lambda _done, _all: None)
        self._numbers: list[int] = []
        self._cleaned: dict[str, Any] = {}

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by the attribute that they fill."""
        return {column.attribute: column for column in self.fields.values() if isinstance(column, Column)}

    def find(self, row: Mapping[str, Any]) -> Any:
        """The stored instance that a row is about; None where it makes a new one."""
        raise NotImplementedError

    def write(self, instance: Any, row: Mapping[str, Any], new: bool) -> None:
        """Store an instance by an action of the app."""
        raise NotImplementedError

    def make(self, row: Mapping[str, Any]) -> Any:
        """A new instance, before the columns fill it."""
        return self.model()

    def run(self, sheet: Sheet, *, dry_run: bool) -> Iterable[Outcome]:
        """Take the sheet's rows: all of them, or none when one is refused. A dry run takes none and says the same."""
        # A column that the file does not have leaves what is stored as it is.
        present = {heading for row in sheet.rows for heading in row.cells}
        headings = [heading for column in self.columns.values() if (heading := str(column.heading)) in present]
        dataset = Dataset(*[[row.cells.get(name) for name in headings] for row in sheet.rows], headers=headings)
        self._numbers = [row.number for row in sheet.rows]
        self.outcomes = []
        result = self.import_data(dataset, dry_run, use_transactions=True, rollback_on_validation_errors=True)
        for base_error in result.base_errors:
            raise base_error.error
        return self.outcomes

    # --- django-import-export's hooks --------------------------------------------------------------------------

    def _check_import_id_fields(self, headers: Any) -> None:
        """Rows are found by `find`, not by a column of identifiers."""

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Any:
        """The stored instance, if the row's values can be read at all."""
        self._cleaned, errors = self._read(row)
        if errors:
            raise ValidationError(errors)
        return self.find(self._cleaned)

    def init_instance(self, row: Any = None) -> Any:
        """A new one."""
        return self.make(self._cleaned)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Fill the instance with the values that were read."""
        for name, value in self._cleaned.items():
            setattr(instance, name, value)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Whether every value of the row stands already."""
        return not instance._state.adding and super().skip_row(instance, original, row, import_validation_errors)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """By the app's action, in a dry run too: only so does it say what it would refuse."""
        self.write(instance, self._cleaned, is_create)

    def import_row(self, row: dict[str, Any], instance_loader: Any, **kwargs: Any) -> RowResult:
        """One row, and what became of it."""
        number = self._numbers[kwargs["row_number"] - 1]
        result: RowResult = super().import_row(row, instance_loader, **kwargs)
        self.outcomes.append(self._outcome(number, row, result))
        result.instance = result.original = None
        self._progress(len(self.outcomes), len(self._numbers))
        return result

    def _read(self, row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
        values, errors = {}, {}
        for name, column in self.columns.items():
            if column.column_name not in row:
                continue
            try:
                values[name] = column.clean(row)
            except ValueError as error:
                errors[name] = [str(error)]
            except ValidationError as error:
                errors[name] = error.messages
        return values, errors

    def _outcome(self, number: int, row: Mapping[str, Any], result: RowResult) -> Outcome:
        if result.validation_error is not None:
            return Outcome(number, REFUSED, errors=self._reasons(result.validation_error), cells=self._cells(row))
        if result.errors:
            return Outcome(number, REFUSED, errors=[("", _internal(result.errors[0].error))], cells=self._cells(row))
        kinds = {RowResult.IMPORT_TYPE_NEW: NEW, RowResult.IMPORT_TYPE_UPDATE: UPDATE}
        kind = kinds.get(result.import_type or "", SKIP)
        changes = [] if kind == SKIP else self._changes(result.original, result.instance)
        return Outcome(number, kind, str(result.instance), changes)

    def _changes(self, before: Any, after: Any) -> list[tuple[str, str, str]]:
        found = []
        for column in self.columns.values():
            old = column.shown(column.get_value(before)) if before is not None else ""
            new = column.shown(column.get_value(after))
            if old != new:
                found.append((str(column.heading), old, new))
        return found

    def _cells(self, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        stand = ((str(column.heading), column.typed(row.get(column.column_name))) for column in self.columns.values())
        return [(heading, text) for heading, text in stand if text]

    def _reasons(self, error: ValidationError) -> list[tuple[str, str]]:
        if not hasattr(error, "error_dict"):
            return [("", message) for message in error.messages]
        headings = {name: str(column.heading) for name, column in self.columns.items()}
        return [(headings.get(name, ""), text) for name, texts in error.message_dict.items() for text in texts]


def _internal(error: Exception) -> str:
    """What the user is told of an error that no rule foresaw; the log has the rest."""
    if isinstance(error, IntegrityError):
        logger.warning("A row was refused by the database", exc_info=error)
        return _("与已有的数据冲突：可能重复，或者超出了允许的范围。")
    logger.error("A row could not be imported", exc_info=error)
    return _("系统出错，这一行没有导入。请把文件交给管理员。")


def as_json(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Outcomes as they are stored."""
    return [asdict(outcome) for outcome in outcomes]


_resources: dict[str, type[SheetResource]] = {}


def register(resource: type[SheetResource]) -> type[SheetResource]:
    """Offer a resource in the back office; as a decorator."""
    _resources[resource.key] = resource
    return resource


def resource(key: str) -> type[SheetResource]:
    """The resource of this key. Raises KeyError."""
    return _resources[key]


def resources_for(user: Any) -> list[type[SheetResource]]:
    """What a user may import, by title."""
    return sorted((one for one in _resources.values() if user.has_perm(one.permission)), key=lambda one: str(one.title))


__all__ = ["Outcome", "Result", "SheetResource", "as_json", "register", "resource", "resources_for"]
