import pytest

from knowledge.laws.keys import division_key, free_key, parse_key, slug_of
from knowledge.laws.names import curated_names, generated_names, name_key, title_key, unique_names

LOANS = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
FAMILY = "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"


@pytest.mark.parametrize(
    "written",
    ["民法典", "《民法典》", "中华人民共和国民法典", "《中華人民共和國民法典》", "民 法 典", "民法典 "],
)
def test_spellings_of_one_name_have_one_key(written):
    assert name_key(written) == name_key("民法典")


def test_ordinals_and_brackets_of_all_kinds_are_compared_alike():
    assert name_key("解释（一）") == name_key("解释(一)") == name_key("解释一")
    assert name_key("解释（一）") != name_key("解释（二）")


def test_a_trial_edition_is_of_the_same_law():
    assert title_key("人民检察院办案规则（试行）") == title_key("人民检察院办案规则")


def test_issuers_joined_by_a_comma_or_by_spaces_are_the_same():
    assert title_key("最高人民法院、最高人民检察院关于某案的解释") == title_key(
        "最高人民法院  最高人民检察院关于某案的解释"
    )


def test_a_statute_is_called_without_the_name_of_the_state():
    assert generated_names("中华人民共和国劳动法") == ["劳动法"]


def test_an_interpretation_is_called_by_its_subject():
    assert "民间借贷司法解释" in generated_names(LOANS)
    names = generated_names(FAMILY)
    assert {"婚姻家庭编司法解释（一）", "民法典婚姻家庭编解释（一）"} <= set(names)


def test_a_rule_of_a_ministry_is_no_judicial_interpretation():
    assert not any("司法解释" in name for name in generated_names("国务院关于禁止地区封锁的规定"))


def test_a_name_that_would_mean_two_laws_is_given_to_neither():
    first, second = f"{FAMILY}", FAMILY.replace("（一）", "（二）")
    names = unique_names([first, second])
    assert "婚姻家庭编解释" not in names[first] + names[second]
    assert "婚姻家庭编解释" in unique_names([first])[first]


def test_slugs_are_pinyin_of_the_usual_name():
    assert slug_of("中华人民共和国民法典") == "minfadian"
    assert slug_of(LOANS, ["民间借贷司法解释"]) == "minjianjiedaisifajieshi"
    assert slug_of("！！") == "law"


def test_slugs_are_cut_between_syllables():
    slug = slug_of("关于" + "审理" * 40)
    assert len(slug) <= 60
    assert slug.endswith(("shen", "li"))


def test_free_keys_count_up():
    taken: set[str] = set()
    assert [free_key("jianchaguanfa", taken) for _ in range(3)] == [
        "jianchaguanfa",
        "jianchaguanfa-2",
        "jianchaguanfa-3",
    ]


@pytest.mark.parametrize(
    ("label", "title", "key"),
    [
        ("第四章", "离婚", "zhang4"),
        ("第三章之一", "", "zhang3_1"),
        ("", "附则", "fuze"),
        ("（二）", "质押", "2"),
        ("", "", "bufen"),
    ],
)
def test_headings_have_readable_keys(label, title, key):
    assert division_key(label, title) == key


@pytest.mark.parametrize(("key", "numbers"), [("1079", (1079, 0)), ("133-1", (133, 1)), ("0079", (79, 0))])
def test_keys_of_numbered_articles_are_read(key, numbers):
    assert parse_key(key) == numbers


@pytest.mark.parametrize("key", ["", "0", "preamble", "5~2", "12345", "1-2-3"])
def test_other_keys_have_no_number(key):
    assert parse_key(key) is None


def test_the_curated_list_gives_each_name_once_and_never_the_title_itself():
    rows = curated_names()
    keys = [name_key(name) for name, _ in rows]
    assert len(rows) > 150
    assert len(keys) == len(set(keys))
    assert all(name_key(name) != name_key(title) for name, title in rows)
