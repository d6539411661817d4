import re
from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from knowledge.laws.markdown import parse


def read(body: str, title: str = "中华人民共和国邻里法"):
    return parse(f"# {title}\n\n2020年1月2日 某会议通过\n\n2020年3月1日 施行\n\n<!-- INFO END -->\n\n{dedent(body)}")


def test_title_history_headings_and_articles():
    text = read("""
        ## 第一章 总 则

        第一条 邻里应当和睦。

        第二条 有下列情形之一的，应当相让：

        （一）搬运重物；

        （二）抱着孩子。

        ## 第二章　附　则

        第三条 本法自2020年3月1日起施行。
        """)
    assert text.title == "中华人民共和国邻里法"
    assert text.history == ["2020年1月2日 某会议通过", "2020年3月1日 施行"]
    assert [(h.label, h.title, h.depth) for h in text.headings] == [("第一章", "总则", 1), ("第二章", "附则", 1)]
    assert [(p.number, p.label, p.heading) for p in text.pieces] == [
        (1, "第一条", 0),
        (2, "第二条", 0),
        (3, "第三条", 1),
    ]
    assert text.pieces[1].paragraphs == ["有下列情形之一的，应当相让：", "（一）搬运重物；", "（二）抱着孩子。"]
    assert text.problems == []


def test_inserted_articles_have_a_sub_number():
    text = read("第八条 甲。\n\n第八条之一 乙。\n\n第九条 丙。")
    assert [(p.number, p.sub) for p in text.pieces] == [(8, 0), (8, 1), (9, 0)]
    assert text.problems == []


def test_a_second_title_is_the_book_of_a_code():
    text = parse("# 中华人民共和国某法典\n\n# 继承编\n\n<!-- INFO END -->\n\n第五条 甲。")
    assert (text.title, text.book) == ("中华人民共和国某法典", "继承编")


def test_what_stands_before_the_first_article_is_the_preamble():
    text = read("为了邻里和睦，制定本法。\n\n第一条 甲。")
    assert [(p.kind, p.label) for p in text.pieces] == [("preamble", "序言"), ("article", "第一条")]


def test_an_annex_is_kept_apart_from_the_last_article():
    text = read("第一条 甲。\n\n附件一：楼道里不能放的东西\n\n煤气罐\n\n附件二\n\n电动车")
    assert [(p.kind, p.label, p.paragraphs) for p in text.pieces] == [
        ("article", "第一条", ["甲。"]),
        ("annex", "附件一 楼道里不能放的东西", ["煤气罐"]),
        ("annex", "附件二", ["电动车"]),
    ]


def test_a_text_without_articles_is_cut_at_its_numbered_sections():
    text = read("现答复如下：\n\n一、可以。\n\n但要说一声。\n\n二、不可以。")
    assert [(p.kind, p.number, p.label, p.paragraphs) for p in text.pieces] == [
        ("preamble", None, "序言", ["现答复如下："]),
        ("section", 1, "一、", ["可以。", "但要说一声。"]),
        ("section", 2, "二、", ["不可以。"]),
    ]


def test_numbered_headings_are_sections_where_nothing_else_is_numbered():
    text = read("## 一、损失的范围\n\n按实际计算。\n\n## 二、逾期\n\n另行计算。")
    assert [(p.kind, p.number, p.paragraphs) for p in text.pieces] == [
        ("section", 1, ["按实际计算。"]),
        ("section", 2, ["另行计算。"]),
    ]


def test_a_text_without_any_numbers_stays_whole():
    text = read("某高级人民法院：\n\n你院请示收悉。经研究，同意。")
    assert [(p.kind, p.label, len(p.paragraphs)) for p in text.pieces] == [("text", "正文", 2)]


def test_articles_that_run_on_in_one_line_are_taken_apart():
    text = read("第一条 甲。 第二条 乙。 丙。 第三条 依照本法第九条 的规定。")
    assert [(p.label, p.paragraphs) for p in text.pieces] == [
        ("第一条", ["甲。"]),
        ("第二条", ["乙。", "丙。"]),
        ("第三条", ["依照本法第九条 的规定。"]),
    ]
    assert ["已拆开" in problem.message for problem in text.problems] == [True]


def test_misprinted_numbers_are_read_and_told():
    text = read("第一条 甲。\n\n第二 条乙。\n\n笫三条 丙。")
    assert [p.label for p in text.pieces] == ["第一条", "第二条", "第三条"]
    assert [problem.line for problem in text.problems] == [11, 13]


def test_a_heading_broken_over_two_lines_is_joined():
    text = read("## 第一章 没有划入军事管理区的\n\n军事设施的保护\n\n第一条 甲。")
    assert text.headings[0].title == "没有划入军事管理区的军事设施的保护"
    assert [problem.line for problem in text.problems] == [11]


def test_a_heading_without_marks_before_an_article_is_a_heading():
    text = read("## 第一章 总则\n\n第一条 甲。\n\n附则\n\n第二条 乙。")
    assert [heading.text for heading in text.headings] == ["第一章 总则", "附则"]
    assert text.pieces[0].paragraphs == ["甲。"]


def test_the_articles_of_an_amended_law_stay_in_the_amendment():
    text = read(
        "第五十一条 甲。\n\n第五十二条 增加一节，内容如下：\n\n第一百二十三条 设立委员会。", "中华人民共和国某法修正案"
    )
    assert [p.label for p in text.pieces] == ["第五十一条", "第五十二条"]
    assert text.pieces[1].paragraphs[-1] == "第一百二十三条 设立委员会。"


def test_gaps_and_repeats_are_told_by_line():
    text = read("第一条 甲。\n\n第三条 乙。\n\n第三条 丙。\n\n第二条 丁。")
    assert [(problem.line, problem.message) for problem in text.problems] == [
        (11, "第三条之前缺条：上一条是第1条"),
        (13, "第三条重复"),
        (15, "第二条排在第3条之后"),
    ]
    assert len(text.pieces) == 4


def test_comments_and_invisible_characters_are_no_text():
    text = read("<!-- TABLE -->\n\n第一条 甲。\n\n\u200b\n\n<!-- FORCE BREAK -->\n\n乙。")
    assert text.pieces[0].paragraphs == ["甲。", "乙。"]


def test_files_without_title_or_end_of_the_head_are_told():
    text = parse("第一条 甲。\n\n第二条 乙。")
    assert [p.label for p in text.pieces] == ["第一条", "第二条"]
    assert len(text.problems) == 2


@given(st.text(alphabet="第一二三十条章之、（）一附件# \n。甲乙“”|<!->", max_size=200))
def test_no_character_of_the_text_is_lost(body):
    """Whatever the body: all that is not a mark of the form is found again in the order of the text."""
    text = parse(f"# 某法\n<!-- INFO END -->\n{body}")
    kept = "".join([h.label + h.title for h in text.headings] + [p.label + "".join(p.paragraphs) for p in text.pieces])
    source = re.sub(r"<!--.*?-->", "", body)
    assert all(kept.count(char) == source.count(char) for char in "甲乙")


def test_a_numbered_heading_that_lost_its_marks_is_found_by_those_beside_it():
    text = read("## 一、范围\n\n第一条 甲。\n\n二、程序\n\n第二条 乙。\n\n## 三、附则\n\n第三条 丙。")
    assert [heading.text for heading in text.headings] == ["一、范围", "二、程序", "三、附则"]
    assert text.pieces[0].paragraphs == ["甲。"]
    assert [problem.line for problem in text.problems] == [13]


def test_sections_know_the_lines_that_they_begin_on():
    text = read("前言。\n\n一、甲。\n\n\n\n乙。\n\n二、丙。")
    assert [piece.line for piece in text.pieces] == [9, 11, 17]


def test_decimal_numbers_are_sections_only_where_they_go_through_the_whole_text():
    counted = "## 一、甲\n\n" + "\n\n".join(f"{n}.子" for n in range(1, 4)) + "\n\n## 二、乙\n\n4.丑\n\n5.寅"
    assert [piece.label for piece in read(counted).pieces] == ["1.", "2.", "3.", "4.", "5."]
    local = "## 一、甲\n\n" + "\n\n".join(f"{n}.子" for n in range(1, 6)) + "\n\n## 二、乙\n\n丑"
    assert [piece.label for piece in read(local).pieces] == ["一、", "二、"]


def test_annexes_that_run_on_in_one_line_are_taken_apart():
    text = read("第一条 甲。\n\n附件一 信号（略） 附件二 示意图（略）")
    assert [heading.text for heading in text.headings] == ["附件一 信号（略）", "附件二 示意图（略）"]
