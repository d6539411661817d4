"""Characters that are typed for each other."""

import pytest

from search.confusions import LOOKALIKES, confusions, near_sound


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("废", "费"), ("第", "地"), ("昏", "婚"), ("付", "抚"), ("栽", "裁"), ("末", "未"), ("瞻", "赡"), ("今", "金")],
)
def test_what_sounds_or_looks_alike_is_confused(typed, meant):
    assert meant in confusions(typed)
    assert typed not in confusions(typed)


def test_the_same_sound_is_likelier_than_a_near_one_or_a_look():
    costs = confusions("伤")
    assert costs["商"] == 0
    assert costs["三"] > 0
    assert max(costs.values()) < 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhang", "zan"),
        ("chi", "ci"),
        ("shen", "seng"),
        ("ning", "lin"),
        ("nv", "lv"),
        ("hui", "fei"),
        ("huang", "fan"),
    ],
)
def test_near_sounds(one, other):
    assert near_sound(one) == near_sound(other)


def test_sounds_that_nobody_takes_for_each_other():
    assert near_sound("li") != near_sound("lu")
    assert near_sound("gong") != near_sound("geng")


def test_a_character_that_nobody_types_has_no_confusions_but_raises_nothing():
    assert confusions("\U000323af") == {}
    assert confusions("a") == {}


def test_the_list_of_lookalikes_is_whole():
    lines = LOOKALIKES.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 6000
    firsts = [line[0] for line in lines]
    assert len(set(firsts)) == len(firsts)
    for line in lines:
        assert 2 <= len(line) <= 8
        assert len(set(line)) == len(line)
