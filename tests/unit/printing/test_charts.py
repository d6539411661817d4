"""Charts as SVG."""

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing import charts

SVG = "{http://www.w3.org/2000/svg}"
values = st.lists(st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=2), max_size=15)


def parts(svg):
    root = ET.fromstring(svg)
    assert "style=" not in svg
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [
        root.find(f"{SVG}title").get("id"),
        root.find(f"{SVG}desc").get("id"),
    ]
    return root


def within(root):
    """No mark stands outside of the picture."""
    _x, _y, width, height = map(float, root.get("viewBox").split())
    for rect in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        assert w >= 0 <= h
        assert -0.2 <= x <= x + w <= width + 0.2
        assert -0.2 <= y <= y + h <= height + 0.2
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx")) <= width
        assert 0 <= float(circle.get("cy")) <= height


@given(values)
def test_every_figure_has_its_mark(numbers):
    items = [(f"第{n}村", number) for n, number in enumerate(numbers)]
    for chart in (charts.bars, charts.columns):
        root = parts(chart(items, title="积分", unit="分"))
        within(root)
        assert len(list(root.iter(f"{SVG}rect"))) == len(items)


@given(values, values)
def test_lines_and_sparklines_hold_any_figures(first, second):
    both = list(zip(first, second, strict=False))
    labels = [f"{n}月" for n, _pair in enumerate(both)]
    series = [charts.Series("甲", [pair[0] for pair in both]), charts.Series("乙", [pair[1] for pair in both])]
    root = parts(charts.lines(labels, series, title="趋势"))
    within(root)
    within(parts(charts.sparkline([pair[0] for pair in both], title="趋势")))


def test_the_description_says_the_figures():
    svg = charts.bars([("石桥村", 1234), ("竹溪村", Decimal("0.50"))], title="积分", unit="分")
    root = parts(svg)
    assert root.find(f"{SVG}title").text == "积分（分）"
    assert root.find(f"{SVG}desc").text == "石桥村 1,234分，竹溪村 0.5分"


def test_a_gap_is_a_gap():
    root = parts(charts.lines(["1", "2", "3", "4"], [charts.Series("甲", [1, None, 3, 4])], title="趋势"))
    [path] = root.iter(f"{SVG}path")
    assert path.get("d").count("M") == 2
    assert "2 —" in root.find(f"{SVG}desc").text


def test_texts_cannot_break_out():
    root = parts(charts.columns([('"><script>alert(1)</script>', 3)], title="<b>", unit="&"))
    assert not list(root.iter("script"))
    assert root.find(f"{SVG}title").text == "<b>（&）"


def test_nothing_to_show_is_said():
    assert "没有数据" in charts.bars([], title="积分")
    assert "没有数据" in charts.lines([], [], title="积分")


def test_the_same_figures_give_the_same_text_and_others_other_ids():
    first, second = ([("甲", 1)], [("甲", 2)])
    assert charts.bars(first, title="积分") == charts.bars(first, title="积分")
    ids = {parts(charts.bars(items, title="积分")).get("aria-labelledby") for items in (first, second)}
    assert len(ids) == 2


def test_too_many_series_are_refused():
    with pytest.raises(ValueError):
        charts.lines(["1"], [charts.Series(str(n), [n]) for n in range(5)], title="趋势")


def test_many_bars_stand_closer_but_never_on_one_another():
    def height(count: int, highest: int = 0) -> float:
        svg = charts.bars([(f"{number}号村", number) for number in range(count)], title="参与率", height=highest)
        return float(ET.fromstring(svg).get("height"))

    assert height(4, 420) == height(4)
    assert height(21, 420) < 430 < height(21)
    assert height(60, 420) >= 60 * 12


def test_the_longest_label_is_whole_where_it_has_room():
    for name in ("10号村", "石桥社区", "A1村", "三十二里铺村"):
        assert f">{name}</text>" in charts.bars([(name, 3), ("村", 4)], title="参与率")
