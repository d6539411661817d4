"""What the database itself does for the books of funds, on SQLite and on PostgreSQL.

Balances and stocks follow every line in the statement that writes it, whoever writes it, and a CheckConstraint refuses
what would take one below zero. A published period takes no more lines; a reversal undoes exactly its line; a decided
voucher and its evidence stay as they are.

SQLite keeps decimals as binary fractions: its sums are rounded to the column's places, so that nothing is left over.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts.triggers import TriggerOperation, on_sqlite

from .models.choices import DEBIT_ACCOUNTS

_DEBITS = ", ".join(f"'{account.value}'" for account in DEBIT_ACCOUNTS)


@dataclass(frozen=True)
class Trigger:
    """One trigger, in words that both databases read the same.

    With `refuse`, the row is refused with that text where `when` holds; else `do` are the statements that follow it.
    """

    name: str
    table: str
    event: str
    when: str = ""
    refuse: str = ""
    do: tuple[str, ...] = ()

    def sqlite(self) -> list[str]:
        """The statements that make it on SQLite."""
        when = f"WHEN {self.when}" if self.when else ""
        body = [f"SELECT RAISE(ABORT, '{self.refuse}')"] if self.refuse else list(self.do)
        statements = "; ".join(body)
        return [
            f'CREATE TRIGGER "{self.name}" {self.event} ON "{self.table}" FOR EACH ROW {when} BEGIN {statements}; END'
        ]

    def postgresql(self) -> list[str]:
        """The statements that make it on PostgreSQL: a function, and what calls it."""
        if self.refuse:
            # A trigger's own WHEN takes no subquery; the function's IF does.
            raising = f"RAISE EXCEPTION '{self.refuse}' USING ERRCODE = 'integrity_constraint_violation';"
            body = f"IF {self.when} THEN {raising} END IF;" if self.when else raising
        else:
            body = " ".join(f"{text};" for text in self.do)
        gone = "OLD" if "DELETE" in self.event else "NEW"
        return [
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN {body} RETURN {gone}; END $$",
            f'CREATE TRIGGER "{self.name}" {self.event} ON "{self.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{self.name}"()',
        ]


def _keeps_balance(name: str, side: str) -> Trigger:
    """A line's debit or credit, added to its account's balance: with the sign of what that account grows by."""
    grows = f"NEW.{side} IN ({_DEBITS})" if side == "debit" else f"NEW.{side} NOT IN ({_DEBITS})"
    change = f"CASE WHEN {grows} THEN NEW.amount ELSE -NEW.amount END"
    here = f"fund_id = NEW.fund_id AND account = NEW.{side}"
    # Made of names that stand in this module; nothing in it comes from outside.
    begin = (
        f"INSERT INTO funds_balance (fund_id, account, amount) SELECT NEW.fund_id, NEW.{side}, 0 "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM funds_balance WHERE {here})"
    )
    move = f"UPDATE funds_balance SET amount = ROUND(amount + {change}, 2) WHERE {here}"  # noqa: S608
    return Trigger(name, "funds_entry", "AFTER INSERT", do=(begin, move))


_ENTRY_UNDONE = """NEW.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM funds_entry AS other WHERE other.id = NEW.reverses_id AND other.fund_id = NEW.fund_id
    AND other.amount = NEW.amount AND other.debit = NEW.credit AND other.credit = NEW.debit
    AND other.kind <> 'reversal')"""

_GOODS_UNDONE = """NEW.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM funds_goodsline AS other WHERE other.id = NEW.reverses_id AND other.stock_id = NEW.stock_id
    AND other.quantity = NEW.quantity AND other.value = NEW.value AND other.incoming <> NEW.incoming
    AND other.kind <> 'reversal')"""

_VOUCHER_DECIDED = "EXISTS (SELECT 1 FROM funds_voucher WHERE id = {row}.voucher_id AND status <> 'pending')"

TRIGGERS = (
    Trigger(
        "funds_entry_period_no_insert",
        "funds_entry",
        "BEFORE INSERT",
        'EXISTS (SELECT 1 FROM funds_statement WHERE fund_id = NEW.fund_id AND ends_on >= NEW."on")',
        "funds_entry: the period is closed",
    ),
    Trigger(
        "funds_entry_reversal_no_insert",
        "funds_entry",
        "BEFORE INSERT",
        _ENTRY_UNDONE,
        "funds_entry: a reversal undoes its entry exactly",
    ),
    _keeps_balance("funds_entry_keeps_debit", "debit"),
    _keeps_balance("funds_entry_keeps_credit", "credit"),
    Trigger(
        "funds_goods_period_no_insert",
        "funds_goodsline",
        "BEFORE INSERT",
        "EXISTS (SELECT 1 FROM funds_statement JOIN funds_stock ON funds_stock.fund_id = funds_statement.fund_id "
        'WHERE funds_stock.id = NEW.stock_id AND funds_statement.ends_on >= NEW."on")',
        "funds_goodsline: the period is closed",
    ),
    Trigger(
        "funds_goods_reversal_no_insert",
        "funds_goodsline",
        "BEFORE INSERT",
        _GOODS_UNDONE,
        "funds_goodsline: a reversal undoes its line exactly",
    ),
    Trigger(
        "funds_goods_keeps_stock",
        "funds_goodsline",
        "AFTER INSERT",
        do=(
            "UPDATE funds_stock SET quantity = ROUND(quantity + CASE WHEN NEW.incoming THEN NEW.quantity "
            "ELSE -NEW.quantity END, 3), value = ROUND(value + CASE WHEN NEW.incoming THEN NEW.value "
            "ELSE -NEW.value END, 2) WHERE id = NEW.stock_id",
        ),
    ),
    Trigger(
        "funds_voucher_no_update",
        "funds_voucher",
        "BEFORE UPDATE",
        "OLD.status <> 'pending'",
        "funds_voucher: what was decided stays",
    ),
    Trigger("funds_voucher_no_delete", "funds_voucher", "BEFORE DELETE", refuse="funds_voucher only grows"),
    Trigger("funds_evidence_no_update", "funds_evidence", "BEFORE UPDATE", refuse="funds_evidence only grows"),
    Trigger(
        "funds_evidence_no_insert",
        "funds_evidence",
        "BEFORE INSERT",
        _VOUCHER_DECIDED.format(row="NEW"),
        "funds_evidence: what was decided stays",
    ),
    Trigger(
        "funds_evidence_no_delete",
        "funds_evidence",
        "BEFORE DELETE",
        _VOUCHER_DECIDED.format(row="OLD"),
        "funds_evidence: what was decided stays",
    ),
    *(
        Trigger(
            f"{table}_document_no_update",
            table,
            "BEFORE UPDATE",
            "OLD.document_id IS NOT NULL",
            f"{table}: its document is printed once",
        )
        for table in ("funds_statement", "funds_correction")
    ),
)


class KeepBooks(TriggerOperation):
    """Make the triggers of the books."""

    def triggers(self) -> Iterable[tuple[str, str]]:
        """All of them."""
        return [(trigger.name, trigger.table) for trigger in TRIGGERS]

    def statements(self, schema_editor: BaseDatabaseSchemaEditor) -> Iterable[str]:
        """On PostgreSQL with the functions that they call."""
        is_sqlite = on_sqlite(schema_editor)
        return [text for one in TRIGGERS for text in (one.sqlite() if is_sqlite else one.postgresql())]

    def describe(self) -> str:
        """One line for `migrate`."""
        return "Let the database keep the books of funds"
