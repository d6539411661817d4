"""The database itself keeps issued documents as they were issued: triggers, on SQLite and on PostgreSQL.

A migration that alters the table on SQLite makes it anew and so loses its triggers: it must end with `guard` again.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TABLE = "printing_issueddocument"
_STATE = ("status", "revoked_at", "revoked_by_id", "revocation_category", "revocation_reason")
"""The columns that tell when a document ceased to hold: written once, together."""
_TRIGGERS = ("frozen", "final", "kept")


def guard(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse to change what was issued, to change a document that no longer holds, and to delete any."""
    unguard(apps, schema_editor)
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, _TABLE)
    frozen = ", ".join(f'"{column.name}"' for column in described if column.name not in _STATE)
    rules = {
        "frozen": (f"UPDATE OF {frozen}", ""),
        "final": ("UPDATE", "OLD.status <> 'valid'"),
        "kept": ("DELETE", ""),
    }
    if connection.vendor == "postgresql":
        schema_editor.execute(_REFUSE_ON_POSTGRESQL, params=None)
    for name, (event, condition) in rules.items():
        schema_editor.execute(_trigger(connection.vendor, name, event, condition), params=None)


def unguard(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers."""
    on = f' ON "{_TABLE}"' if schema_editor.connection.vendor == "postgresql" else ""
    for name in _TRIGGERS:
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "printing_issued_{name}"{on}', params=None)


_REFUSE_ON_POSTGRESQL = """
    CREATE OR REPLACE FUNCTION printing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an issued document never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _trigger(vendor: str, name: str, event: str, condition: str) -> str:
    head = f'CREATE TRIGGER "printing_issued_{name}" BEFORE {event} ON "{_TABLE}" FOR EACH ROW'
    when = f" WHEN ({condition})" if condition else ""
    if vendor == "postgresql":
        return f"{head}{when} EXECUTE FUNCTION printing_refuse()"
    return f"{head}{when} BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END"
