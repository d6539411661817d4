"""The demo's county."""

import pytest

from registry.places import demo
from registry.places.models import Kind, Place

pytestmark = pytest.mark.django_db


def test_the_demo_has_three_townships_and_twelve_villages_with_grids():
    county = demo.load()
    assert county.get_children().count() == 3
    villages = demo.villages()
    assert len(villages) == 12
    for village in villages:
        grids = list(village.get_children())
        assert 3 <= len(grids) <= 6
        assert 250 <= village.households <= 400
        assert sum(grid.households for grid in grids) == village.households
        assert sum(grid.population for grid in grids) == village.population
    assert Place.objects.of_kind(Kind.MICRO_GRID).exists()
    assert all(place.full_clean() is None for place in Place.objects.all())
    assert not any(Place.find_problems())


def test_a_second_run_changes_nothing_and_keeps_what_was_changed():
    demo.load()
    Place.objects.filter(code="990100001201").update(name="新柳河村")
    before = list(Place.objects.values())
    demo.load()
    assert list(Place.objects.values()) == before
