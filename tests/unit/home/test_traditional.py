"""The words of legal texts in traditional characters."""

import opencc
import pytest

from home.traditional import corrections, to_traditional

# What editors chose against the one-to-one reading of the dictionaries.
_OTHER_FORMS = str.maketrans("菸", "烟")


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("头发", "頭髮"),
        ("理发店", "理髮店"),
        ("基金发展", "基金發展"),
        ("换发许可证", "換發許可證"),
        ("规定制定程序", "規定制定程序"),
        ("签合同", "簽合同"),
        ("商品标签", "商品標籤"),
        ("判决书签收", "判決書簽收"),
        ("要求签字", "要求簽字"),
        ("十四周岁", "十四週歲"),
        ("查封后，皇后", "查封後，皇后"),
        ("机关注册", "機關註冊"),
        ("取得采矿权的风采", "取得採礦權的風采"),
        ("，并为此负责；合并为一", "，並為此負責；合併為一"),
        ("，并发症", "，併發症"),
        ("建筑面积和面积", "建築面積和面積"),
        ("非法占有", "非法占有"),
        ("卡里的钱在公里之外", "卡裡的錢在公里之外"),
        ("离\0婚", "離\0婚"),
        ("ABC 123", "ABC 123"),
        ("", ""),
    ],
)
def test_legal_words(simplified: str, traditional: str) -> None:
    assert to_traditional(simplified) == traditional


def test_every_correction_is_the_same_word_in_another_form() -> None:
    to_simplified = opencc.OpenCC("t2s")
    for simplified, traditional in corrections()[1].items():
        assert to_simplified.convert(traditional).translate(_OTHER_FORMS) == simplified


def test_every_correction_is_used_as_it_stands() -> None:
    for simplified, traditional in corrections()[1].items():
        assert to_traditional(simplified) == traditional


def test_traditional_text_stays() -> None:
    assert to_traditional("離婚後的頭髮") == "離婚後的頭髮"
