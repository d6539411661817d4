"""Every action that the source records has a name in the list of what was done.

The codes are read from the source: what each call hands over as `action`, followed through the helpers that put a code
together from what their callers in the same module give them.
"""

import ast
import importlib
import itertools
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType

from django.conf import settings

from accounts import audit

_ROOTS = (Path(settings.BASE_DIR) / "site", Path(settings.BASE_DIR))
_FOLDERS = ("accounts", "printing", "search", "knowledge", "registry")
_WRITERS = {"record", "record_all", "send"}
_PASS_ON = {"site/accounts/audit.py", "site/accounts/receivers.py"}
"""They write what they are given."""


class Source:
    """A module of ours, and what its expressions can mean."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def module(self) -> ModuleType:
        return importlib.import_module(self.name)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def actions(self) -> Iterator[str]:
        """The codes that are recorded here."""
        for call in self.calls():
            if _called(call) in _WRITERS:
                for keyword in call.keywords:
                    if keyword.arg == "action":
                        yield from self.values(keyword.value)

    def values(self, node: ast.expr) -> set[str]:
        """All that an expression can be. Fails the test where that cannot be told."""
        if isinstance(node, ast.IfExp):
            return self.values(node.body) | self.values(node.orelse)
        if isinstance(node, ast.JoinedStr):
            parts = [self.values(part) for part in node.values]
            return {"".join(chosen) for chosen in itertools.product(*parts)}
        if isinstance(node, ast.FormattedValue):
            return self.values(node.value)
        if isinstance(node, ast.Subscript):
            return set(self.evaluated(node.value).values())
        if isinstance(node, ast.Name) and not hasattr(self.module, node.id):
            return self.given(node)
        return {str(self.evaluated(node))}

    def evaluated(self, node: ast.expr) -> object:
        return eval(compile(ast.Expression(node), str(self.path), "eval"), vars(self.module))

    def given(self, name: ast.Name) -> set[str]:
        """What the callers of the function around a name give for it."""
        function: ast.AST = name
        while not isinstance(function, ast.FunctionDef):
            function = self.parents[function]
        names = [argument.arg for argument in function.args.args]
        assert name.id in names, f"{self.name}:{name.lineno}: what can {name.id} be?"
        position = names.index(name.id)
        calls = [call for call in self.calls() if _called(call) == function.name]
        assert calls, f"{self.name}: nobody here calls {function.name}"
        return set().union(*(self.values(call.args[position - (names[0] == "self")]) for call in calls))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def _sources() -> Iterator[Source]:
    for root in _ROOTS:
        for folder in _FOLDERS:
            for path in sorted((root / folder).rglob("*.py")):
                text = path.read_text(encoding="utf-8")
                if "action=" in text and str(path.relative_to(_ROOTS[1])) not in _PASS_ON:
                    yield Source(path, ".".join(path.relative_to(root).with_suffix("").parts))


def _codes() -> dict[str, str]:
    """Every code that is recorded, and where."""
    return {code: source.name for source in _sources() for code in source.actions()}


def test_every_action_that_is_recorded_has_a_name() -> None:
    codes = _codes()
    assert len(codes) > 100
    assert {code: where for code, where in codes.items() if audit.name_of(code) == code} == {}


def test_no_name_is_left_over() -> None:
    assert set(audit._names) - set(_codes()) == set()
