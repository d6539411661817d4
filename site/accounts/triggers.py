"""Tables that only grow: the database itself refuses to change or delete their lines.

    operations = [..., triggers.AppendOnly("funds_entry", message="...")]

in a migration. Some columns may stay changeable (`except_columns`), for what happens to a line later.
"""

from collections.abc import Sequence
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class AppendOnly(migrations.operations.base.Operation):
    """Refuse UPDATE and DELETE on a table, on SQLite and on PostgreSQL.

    `except_columns` names columns that an UPDATE may change. A migration that alters the table on SQLite makes it anew
    and so loses the triggers: put the operation again after it.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, table: str, *, except_columns: Sequence[str] = (), deletable: bool = False) -> None:
        self.table = table
        self.except_columns = tuple(except_columns)
        self.deletable = deletable

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration writes it down."""
        stated = {"except_columns": self.except_columns} if self.except_columns else {}
        return type(self).__name__, [self.table], stated | ({"deletable": True} if self.deletable else {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models do not know of triggers."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Make the triggers, in place of those of the same name."""
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        make = self._sqlite if schema_editor.connection.vendor == "sqlite" else self._postgresql
        for statement in make(self._columns(schema_editor)):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Drop the triggers."""
        on = "" if schema_editor.connection.vendor == "sqlite" else f' ON "{self.table}"'
        for event in ("update", "delete"):
            schema_editor.execute(f'DROP TRIGGER IF EXISTS "{self.table}_no_{event}"{on}', params=None)

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
