"""Which reports there are."""

from printing import kinds

from .base import Report

_reports: dict[str, Report] = {}


def register(report: Report) -> Report:
    """Make a report known, once, and with it the kind of paper that it is issued as."""
    known = _reports.setdefault(report.name, report)
    if type(known) is not type(report):
        raise ValueError(f"two reports are called {report.name}")
    kinds.register(report.issued_kind, label=report.label, prefix=report.prefix, per_place=True)
    return known


def get(name: str) -> Report:
    """The report of that name. Raises KeyError."""
    return _reports[name]


def all_reports() -> list[Report]:
    """Every report, in the order in which they are shown."""
    return sorted(_reports.values(), key=lambda report: report.position)
