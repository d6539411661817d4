"""What the database itself does for the ledger, on SQLite and on PostgreSQL.

A line is refused in a period that is closed, that is another village's or that does not hold its date; a reversal must
undo exactly the line that it names. Each line that is taken moves the balance, the month's total and the use of the
item's cap in the same statement, and their constraints then refuse the line where they do not hold. No program, and
nobody at a database prompt, can add a line without them.
"""

from collections.abc import Iterable, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts.triggers import TriggerOperation, on_sqlite

# The conditions under which a row is refused, in words that both databases read.
_OPEN_PERIOD = (
    "SELECT 1 FROM points_period WHERE id = NEW.period_id AND closed_at IS NULL AND place_id = NEW.place_id "
    "AND NEW.dated_on BETWEEN first_day AND last_day"
)
_OWN_HOUSEHOLD = "SELECT 1 FROM points_household WHERE id = NEW.household_id AND village_id = NEW.place_id"
_UNDONE_LINE = (
    "SELECT 1 FROM points_ledgerline AS undone WHERE undone.id = NEW.reversal_of_id AND undone.kind <> 'reversal' "
    "AND undone.household_id = NEW.household_id AND undone.account = NEW.account AND undone.points = -NEW.points "
    "AND COALESCE(undone.item_id, 0) = COALESCE(NEW.item_id, 0) AND COALESCE(undone.cap, 0) = COALESCE(NEW.cap, 0) "
    "AND (NEW.cap IS NULL OR undone.cap_from = NEW.cap_from AND undone.cap_until = NEW.cap_until)"
)
_PERIOD = "points_ledgerline: the period is closed, or not the one of this line"
_HOUSEHOLD = "points_ledgerline: the household is of another village"
_REVERSAL = "points_ledgerline: a reversal undoes exactly the line that it names"
_BALANCE = "points_ledgerline: the household has no balance, or redeems more than it has"

_BOOKS = (
    "UPDATE points_balance SET points = points + NEW.points WHERE household_id = NEW.household_id",
    "INSERT INTO points_total (household_id, period_id, account, points, lines) "
    "VALUES (NEW.household_id, NEW.period_id, NEW.account, NEW.points, 1) "
    "ON CONFLICT (household_id, period_id, account) DO UPDATE "
    "SET points = points_total.points + excluded.points, lines = points_total.lines + 1",
    # What was taken away counts towards a cap as what was given does; a reversal gives the room back.
    "INSERT INTO points_capuse (household_id, item_id, cap_from, cap_until, cap, points) "
    "SELECT NEW.household_id, NEW.item_id, NEW.cap_from, NEW.cap_until, NEW.cap, "
    "CASE WHEN NEW.reversal_of_id IS NULL THEN ABS(NEW.points) ELSE -ABS(NEW.points) END WHERE NEW.cap IS NOT NULL "
    "ON CONFLICT (household_id, item_id, cap_from, cap_until) DO UPDATE "
    "SET points = points_capuse.points + excluded.points, cap = excluded.cap",
)
_HAS_ENOUGH = (
    "SELECT 1 FROM points_balance WHERE household_id = NEW.household_id AND (NEW.kind <> 'redemption' OR points >= 0)"
)
_STOCK = "UPDATE points_reward SET stock = stock + NEW.change WHERE id = NEW.reward_id"

_SQLITE = (
    f"""CREATE TRIGGER "points_line_is_sound" BEFORE INSERT ON "points_ledgerline" BEGIN
        SELECT RAISE(ABORT, '{_PERIOD}') WHERE NOT EXISTS ({_OPEN_PERIOD});
        SELECT RAISE(ABORT, '{_HOUSEHOLD}') WHERE NOT EXISTS ({_OWN_HOUSEHOLD});
        SELECT RAISE(ABORT, '{_REVERSAL}') WHERE NEW.reversal_of_id IS NOT NULL AND NOT EXISTS ({_UNDONE_LINE});
    END""",
    f"""CREATE TRIGGER "points_line_keeps_books" AFTER INSERT ON "points_ledgerline" BEGIN
        {"; ".join(_BOOKS)};
        SELECT RAISE(ABORT, '{_BALANCE}') WHERE NOT EXISTS ({_HAS_ENOUGH});
    END""",
    f'CREATE TRIGGER "points_move_keeps_stock" AFTER INSERT ON "points_stockmove" BEGIN {_STOCK}; END',
    """CREATE TRIGGER "points_period_no_update" BEFORE UPDATE ON "points_period" WHEN OLD.closed_at IS NOT NULL BEGIN
        SELECT RAISE(ABORT, 'points_period: closed periods stay as they are'); END""",
    """CREATE TRIGGER "points_period_no_delete" BEFORE DELETE ON "points_period" WHEN OLD.closed_at IS NOT NULL BEGIN
        SELECT RAISE(ABORT, 'points_period: closed periods stay as they are'); END""",
)


def _refuse(message: str, condition: str) -> str:
    raising = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    return f"IF {condition} THEN {raising} END IF;"


def _function(name: str, body: str, *, gone: bool = False) -> str:
    end = f"{body} RETURN {'OLD' if gone else 'NEW'};"
    return f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {end} END $$'


def _trigger(name: str, event: str, table: str) -> str:
    return f'CREATE TRIGGER "{name}" {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()'


_CLOSED = _refuse("points_period: closed periods stay as they are", "OLD.closed_at IS NOT NULL")
_POSTGRESQL = (
    # The period's row is held shared until the line's transaction ends: closing waits for the line, and a line that
    # waited for the closing sees it.
    _function(
        "points_line_is_sound",
        f"PERFORM {_OPEN_PERIOD.removeprefix('SELECT ')} FOR SHARE;"
        + _refuse(_PERIOD, "NOT FOUND")
        + _refuse(_HOUSEHOLD, f"NOT EXISTS ({_OWN_HOUSEHOLD})")
        + _refuse(_REVERSAL, f"NEW.reversal_of_id IS NOT NULL AND NOT EXISTS ({_UNDONE_LINE})"),
    ),
    _trigger("points_line_is_sound", "BEFORE INSERT", "points_ledgerline"),
    _function("points_line_keeps_books", "; ".join(_BOOKS) + ";" + _refuse(_BALANCE, f"NOT EXISTS ({_HAS_ENOUGH})")),
    _trigger("points_line_keeps_books", "AFTER INSERT", "points_ledgerline"),
    _function("points_move_keeps_stock", f"{_STOCK};"),
    _trigger("points_move_keeps_stock", "AFTER INSERT", "points_stockmove"),
    _function("points_period_no_update", _CLOSED),
    _trigger("points_period_no_update", "BEFORE UPDATE", "points_period"),
    _function("points_period_no_delete", _CLOSED, gone=True),
    _trigger("points_period_no_delete", "BEFORE DELETE", "points_period"),
)
_NAMES = {
    "points_line_is_sound": "points_ledgerline",
    "points_line_keeps_books": "points_ledgerline",
    "points_move_keeps_stock": "points_stockmove",
    "points_period_no_update": "points_period",
    "points_period_no_delete": "points_period",
}


class KeepBooks(TriggerOperation):
    """Make the triggers of this module."""

    def triggers(self) -> Iterable[tuple[str, str]]:
        """All of them."""
        return _NAMES.items()

    def statements(self, schema_editor: BaseDatabaseSchemaEditor) -> Sequence[str]:
        """On PostgreSQL with the functions that they call."""
        return _SQLITE if on_sqlite(schema_editor) else _POSTGRESQL

    def describe(self) -> str:
        """One line for `migrate`."""
        return "Let the database keep the books of points"
