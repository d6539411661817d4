"""What the database itself does or refuses, as operations of migrations.

Tables that only grow, whose lines it refuses to change or delete::

    operations = [..., triggers.AppendOnly("funds_entry", message="...")]

in a migration. Some columns may stay changeable (`except_columns`), for what happens to a line later.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class TriggerOperation(migrations.operations.base.Operation):
    """Make triggers, on SQLite and on PostgreSQL. Subclasses say which, and how each database makes them.

    A migration that alters a table on SQLite makes it anew and so loses its triggers: put the operation again after it.
    """

    reduces_to_sql = False
    reversible = True

    def triggers(self) -> Iterable[tuple[str, str]]:
        """The name of each, and its table."""
        raise NotImplementedError

    def statements(self, schema_editor: BaseDatabaseSchemaEditor) -> Iterable[str]:
        """What makes them, in the words of this database."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models do not know of triggers."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Make the triggers, in place of those of the same name."""
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        for statement in self.statements(schema_editor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Drop the triggers."""
        for name, table in self.triggers():
            on = "" if on_sqlite(schema_editor) else f' ON "{table}"'
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}', params=None)


def on_sqlite(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    """Whether the database is SQLite, and not PostgreSQL."""
    return schema_editor.connection.vendor == "sqlite"


class AppendOnly(TriggerOperation):
    """Refuse UPDATE and DELETE on a table. `except_columns` names columns that an UPDATE may change."""

    def __init__(self, table: str, *, except_columns: Sequence[str] = (), deletable: bool = False) -> None:
        self.table = table
        self.except_columns = tuple(except_columns)
        self.deletable = deletable

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes it down."""
        stated = {"except_columns": self.except_columns} if self.except_columns else {}
        return type(self).__name__, [self.table], stated | ({"deletable": True} if self.deletable else {})

    def triggers(self) -> list[tuple[str, str]]:
        """One for each of the two, also where one of them is not made."""
        return [(f"{self.table}_no_{event}", self.table) for event in ("update", "delete")]

    def statements(self, schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        """For the columns that the table has now."""
        make = self._sqlite if on_sqlite(schema_editor) else self._postgresql
        return make(self._columns(schema_editor))

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Let {self.table} only grow"

    def _columns(self, schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        with schema_editor.connection.cursor() as cursor:
            description = schema_editor.connection.introspection.get_table_description(cursor, self.table)
        return [column.name for column in description if column.name not in self.except_columns]

    def _sqlite(self, columns: Sequence[str]) -> list[str]:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.table} only grows'); END"
        of = " OF " + ", ".join(f'"{column}"' for column in columns) if self.except_columns else ""
        update = f'CREATE TRIGGER "{self.table}_no_update" BEFORE UPDATE{of} ON "{self.table}" {refuse}'
        delete = f'CREATE TRIGGER "{self.table}_no_delete" BEFORE DELETE ON "{self.table}" {refuse}'
        return [update] if self.deletable else [update, delete]

    def _postgresql(self, columns: Sequence[str]) -> list[str]:
        function = """
            CREATE OR REPLACE FUNCTION xiangyue_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
        """
        of = " OF " + ", ".join(f'"{column}"' for column in columns) if self.except_columns else ""
        refuse = "FOR EACH ROW EXECUTE FUNCTION xiangyue_append_only()"
        update = f'CREATE TRIGGER "{self.table}_no_update" BEFORE UPDATE{of} ON "{self.table}" {refuse}'
        delete = f'CREATE TRIGGER "{self.table}_no_delete" BEFORE DELETE ON "{self.table}" {refuse}'
        return [function, update] if self.deletable else [function, update, delete]
