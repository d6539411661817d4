from knowledge.laws.structure import Paragraph, Table, blocks, counts, fill, stretches

LINES = ["有下列情形之一的：", "（一）甲：", "1. 子；", "2. 丑；", "（二）乙。", "前款不适用于丙。"]


def test_items_belong_to_the_paragraph_before_and_do_not_count_as_paragraphs():
    first, second = blocks(LINES)
    assert isinstance(first, Paragraph)
    assert [item.marker for item in first.items] == ["（一）", "（二）"]
    assert [below.text for below in first.items[0].items] == ["子；", "丑；"]
    assert (second.number, second.text) == (2, "前款不适用于丙。")
    assert counts(LINES) == (2, 2)


def test_an_item_without_a_paragraph_before_is_a_paragraph():
    assert [type(block) for block in blocks(["（一）甲；", "（二）乙。"])] == [Paragraph]


def test_a_decimal_is_no_item():
    assert len(blocks(["计算：", "1.5倍以上的部分。"])) == 2


def test_tables_keep_their_rows():
    _, table = blocks(["税目表", "| 税目 | 税率 |", "|---|---|", "| 车 | 一 |"])
    assert isinstance(table, Table)
    assert table.head == ["税目", "税率"]
    assert table.rows == [["车", "一"]]


def test_every_stretch_is_visited_with_its_paragraph_and_filled_in_the_same_order():
    found = blocks([*LINES, "| 子 | 丑 |"])
    visited = list(stretches(found))
    assert [number for number, _ in visited] == [1, 1, 1, 1, 1, 2, 2, 2]
    fill(found, iter(str(place) for place in range(len(visited))))
    assert [text for _, text in stretches(found)] == list("01234567")
