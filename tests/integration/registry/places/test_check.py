"""The check of the tree: what raw SQL or half an import could leave behind is named."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry.places import checking
from registry.places.models import Kind, Place

pytestmark = pytest.mark.django_db


def problems() -> list[str]:
    return list(checking.problems())


def test_a_sound_tree_has_no_problem(county, township, village, sibling, other_township, grid):
    assert problems() == []
    assert Place.find_problems() == ([], [], [], [], [])
    said = StringIO()
    call_command("check_places", stdout=said)
    assert "6 个地方，没有问题" in said.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"numchild": 7}, "记着下级 7 个，实有 2 个"),
        ({"depth": 3}, "与层数 3 不符"),
        ({"code": "880100001"}, "代码不以上级"),
        ({"kind": Kind.COUNTY}, "层级不低于上级"),
    ],
)
def test_each_thing_that_is_wrong_is_named(change: dict[str, Any], said: str, county, township, village, sibling):
    Place.objects.filter(pk=township.pk).update(**change)
    found = problems()
    assert any(said in problem and "清溪镇" in problem for problem in found), found


def test_what_stands_in_nothing_is_named(county, township, village, sibling, other_township):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_place WHERE id = %s", [township.pk])
    found = problems()
    assert sum("的上级不在表里" in problem for problem in found) == 2
    with pytest.raises(CommandError, match="共"):
        call_command("check_places", most=1, stdout=StringIO())


def test_one_query_however_many_places(county, township, village, sibling, django_assert_num_queries):
    with django_assert_num_queries(1):
        problems()
