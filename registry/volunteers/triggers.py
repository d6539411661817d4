"""What no single row can promise, held by the database itself: seats within slots, nobody at two places at once, hours
within the day. The same rules for SQLite and PostgreSQL, as one operation of a migration.

On PostgreSQL a trigger sees what others have committed; so each takes the lock of the volunteer first, and two writers
about the same volunteer stand in line. On SQLite there is one writer at a time.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts.triggers import TriggerOperation, on_sqlite


class Rule(NamedTuple):
    """Refuse a row when `broken` holds; both databases read it."""

    message: str
    broken: str


class Guard(NamedTuple):
    """Rules for what is written into a table. `event` as SQL says it; `locks` are read first on PostgreSQL."""

    name: str
    table: str
    events: tuple[str, ...]
    rules: tuple[Rule, ...]
    locks: tuple[str, ...] = ()


_VOLUNTEER_LOCK = "SELECT 1 FROM volunteers_volunteer WHERE id = NEW.volunteer_id FOR NO KEY UPDATE"
_HOLDS = (
    "line.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM volunteers_hourline back WHERE back.reverses_id = line.id)"
)

SEATS = Guard(
    "volunteers_signup_guard",
    "volunteers_signup",
    ("INSERT", "UPDATE OF seat, state, shift_id, volunteer_id"),
    (
        Rule(
            "a seat beyond the slots of the shift",
            "NEW.seat > (SELECT slots FROM volunteers_shift WHERE id = NEW.shift_id)",
        ),
        Rule(
            "a volunteer at two shifts at once",
            """NEW.state IN ('signed', 'attended') AND EXISTS (
                SELECT 1 FROM volunteers_signup other
                JOIN volunteers_shift theirs ON theirs.id = other.shift_id
                JOIN volunteers_shift mine ON mine.id = NEW.shift_id
                WHERE other.volunteer_id = NEW.volunteer_id AND other.shift_id <> NEW.shift_id
                AND other.state IN ('signed', 'attended')
                AND theirs.starts_at < mine.ends_at AND mine.starts_at < theirs.ends_at)""",
        ),
    ),
    (_VOLUNTEER_LOCK, "SELECT 1 FROM volunteers_shift WHERE id = NEW.shift_id FOR SHARE"),
)

SHIFTS = Guard(
    "volunteers_shift_guard",
    "volunteers_shift",
    ("UPDATE OF slots, starts_at, ends_at, activity_id",),
    (
        Rule(
            "fewer slots than seats taken",
            "EXISTS (SELECT 1 FROM volunteers_signup WHERE shift_id = NEW.id AND seat > NEW.slots)",
        ),
        Rule(
            "another time for people who signed up for this one",
            """(NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at OR NEW.activity_id <> OLD.activity_id)
            AND (EXISTS (SELECT 1 FROM volunteers_signup WHERE shift_id = NEW.id AND state <> 'withdrawn')
                OR EXISTS (SELECT 1 FROM volunteers_hourline WHERE shift_id = NEW.id))""",
        ),
    ),
)

HOURS = Guard(
    "volunteers_hourline_guard",
    "volunteers_hourline",
    ("INSERT",),
    (
        Rule(
            "hours at two places at once",
            f"""NEW.reverses_id IS NULL AND EXISTS (
                SELECT 1 FROM volunteers_hourline line WHERE line.volunteer_id = NEW.volunteer_id
                AND line.starts_at < NEW.ends_at AND NEW.starts_at < line.ends_at AND {_HOLDS})""",  # noqa: S608 - no value from outside
        ),
        Rule(
            "more hours than the cap of a day",
            """NEW.reverses_id IS NULL AND NEW.halves + COALESCE((
                SELECT SUM(halves) FROM volunteers_hourline
                WHERE volunteer_id = NEW.volunteer_id AND date = NEW.date), 0) > NEW.daily_cap""",
        ),
        Rule(
            "more hours than the time has room for",
            "NEW.reverses_id IS NULL AND NEW.halves > (%(seconds)s + 1799) / 1800",
        ),
        Rule(
            "hours at the shift of another activity",
            """NEW.shift_id IS NOT NULL AND NEW.activity_id <> (
                SELECT activity_id FROM volunteers_shift WHERE id = NEW.shift_id)""",
        ),
        Rule(
            "a reversal that does not mirror its line",
            """NEW.reverses_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM volunteers_hourline line WHERE line.id = NEW.reverses_id AND line.reverses_id IS NULL
                AND line.volunteer_id = NEW.volunteer_id AND line.halves = -NEW.halves AND line.kind = NEW.kind
                AND line.date = NEW.date AND line.activity_id = NEW.activity_id)""",
        ),
    ),
    (_VOLUNTEER_LOCK,),
)

DECISIONS = Guard(
    "volunteers_decision_guard",
    "volunteers_decision",
    ("INSERT",),
    (
        Rule(
            "a ruling without an objection",
            """NEW.verdict IN ('corrected', 'upheld', 'retracted') AND NOT EXISTS (
                SELECT 1 FROM volunteers_decision said
                WHERE said.line_id = NEW.line_id AND said.verdict = 'objected')""",
        ),
        Rule(
            "a decision on a reversal",
            "EXISTS (SELECT 1 FROM volunteers_hourline WHERE id = NEW.line_id AND reverses_id IS NOT NULL)",
        ),
    ),
)

GUARDS = (SEATS, SHIFTS, HOURS, DECISIONS)

_SECONDS = {
    "sqlite": "(strftime('%s', NEW.ends_at) - strftime('%s', NEW.starts_at))",
    "postgresql": "CEIL(EXTRACT(EPOCH FROM NEW.ends_at - NEW.starts_at))::bigint",
}


class GuardVolunteers(TriggerOperation):
    """Put all guards on their tables."""

    def triggers(self) -> Iterable[tuple[str, str]]:
        """One for each event of a guard."""
        return [(f"{guard.name}_{position}", guard.table) for guard in GUARDS for position in range(len(guard.events))]

    def statements(self, schema_editor: BaseDatabaseSchemaEditor) -> Iterable[str]:
        """On PostgreSQL with the functions that they call."""
        make = _sqlite if on_sqlite(schema_editor) else _postgresql
        return [statement for guard in GUARDS for statement in make(guard)]

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Drop the triggers, then the functions that they call."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        if not on_sqlite(schema_editor):
            for guard in GUARDS:
                schema_editor.execute(f'DROP FUNCTION IF EXISTS "{guard.name}"()', params=None)

    def describe(self) -> str:
        """One line for `migrate`."""
        return "Guard seats, shifts and hours"


def _sqlite(guard: Guard) -> list[str]:
    body = "".join(
        f"SELECT RAISE(ABORT, '{guard.table}: {rule.message}') WHERE {_filled(rule, 'sqlite')};\n"
        for rule in guard.rules
    )
    return [
        f'CREATE TRIGGER "{guard.name}_{position}" BEFORE {event} ON "{guard.table}" BEGIN {body} END'
        for position, event in enumerate(guard.events)
    ]


def _postgresql(guard: Guard) -> list[str]:
    locks = "".join(f"PERFORM {lock.removeprefix('SELECT ')};\n" for lock in guard.locks)
    rules = "".join(
        f"IF {_filled(rule, 'postgresql')} THEN RAISE EXCEPTION '{guard.table}: {rule.message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF;\n"
        for rule in guard.rules
    )
    body = f"BEGIN {locks}{rules} RETURN NEW; END"
    function = f'CREATE FUNCTION "{guard.name}"() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$'
    return [
        function,
        *(
            f'CREATE TRIGGER "{guard.name}_{position}" BEFORE {event} ON "{guard.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{guard.name}"()'
            for position, event in enumerate(guard.events)
        ),
    ]


def _filled(rule: Rule, vendor: str) -> str:
    return rule.broken.replace("%(seconds)s", _SECONDS[vendor])
