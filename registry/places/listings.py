"""Lists that can be narrowed to a place."""

from collections.abc import Container, Mapping
from functools import cached_property

from listings.narrowing import Listing

from .models import Kind, Place, on_the_way


class ListingByPlace(Listing):
    """A list of what stands at places: `place` is one of its filters."""

    def known(self) -> Mapping[str, Container[str]]:
        """The place that the address asks for, if there is one."""
        return {"place": {self.place.code} if self.place else ()}

    @cached_property
    def place(self) -> Place | None:
        """The place that the address asks for."""
        code = self.asked("place")
        return Place.objects.filter(code=code).first() if code else None

    def places(self, counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
        """The values of the filter: townships; below the one that was chosen, or that holds what was, its villages.

        `counts` tells by the path of a place how many rows stand at it.
        """
        shown = Place.objects.filter(path__in=on_the_way(counts)).of_kind(Kind.TOWNSHIP, Kind.VILLAGE)
        chosen = self.place if "place" in self.selected else None
        opened = chosen and chosen.above(Kind.TOWNSHIP)
        rows = []
        for place in shown:
            if place.kind == Kind.TOWNSHIP:
                rows.append((place.code, place.name, _below(counts, place)))
            elif opened and opened.holds(place):
                rows.append((place.code, f"　{place.name}", _below(counts, place)))
        if chosen is not None and chosen.code not in {code for code, _name, _count in rows}:
            rows.insert(0, (chosen.code, chosen.name, _below(counts, chosen)))
        return rows


def _below(counts: Mapping[str, int], place: Place) -> int:
    return sum(count for path, count in counts.items() if path.startswith(place.path))
