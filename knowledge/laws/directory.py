"""Which law a name means: looked up in few queries, for one text or for all."""

from collections.abc import Iterable, Mapping
from typing import Self

from .names import name_key

MAX_KEYS = 5000
"""More names than this are not looked up one by one; the whole list is read instead."""


class Directory:
    """The names of laws. Holds what was looked up; make a new one for each page or task."""

    def __init__(self) -> None:
        self._laws: dict[str, int] = {}
        self._asked: set[str] = set()
        self._complete = False

    @classmethod
    def of(cls, names: Mapping[str, int]) -> Self:
        """A directory of just these names, each with the primary key of its law."""
        directory = cls()
        directory._laws = {name_key(name): law for name, law in names.items()}
        directory._complete = True
        return directory

    @classmethod
    def complete(cls) -> Self:
        """A directory that holds every name: for reading many texts."""
        from .models import LawName

        directory = cls.of({})
        directory._laws = dict(LawName.objects.values_list("key", "law"))
        return directory

    def prefetch(self, names: Iterable[str]) -> None:
        """Look up many names at once."""
        if self._complete:
            return
        keys = {key for name in names if (key := name_key(name))} - self._asked
        if len(keys) > MAX_KEYS:
            self._laws, self._complete = Directory.complete()._laws, True
        elif keys:
            from .models import LawName

            self._asked |= keys
            self._laws |= dict(LawName.objects.filter(key__in=keys).values_list("key", "law"))

    def law_id(self, name: str) -> int | None:
        """The law that is called so."""
        key = name_key(name)
        if not self._complete and key not in self._asked:
            self.prefetch([name])
        return self._laws.get(key)
