import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.slugs import pinyin_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("离婚", "li-hun"),
        ("欠薪怎么办？", "qian-xin-zen-me-ban"),
        ("2026年普法课", "2026-nian-pu-fa-ke"),
        ("App 充值 退款", "app-chong-zhi-tui-kuan"),
    ],
)
def test_chinese_is_spelled(text: str, slug: str) -> None:
    assert pinyin_slug(text) == slug


def test_a_name_is_one_word() -> None:
    assert pinyin_slug("人身安全保护令", separator="") == "renshenanquanbaohuling"


def test_a_long_title_is_cut_between_syllables() -> None:
    slug = pinyin_slug("两口子商量好了离婚怎么办手续", max_length=20)
    assert slug == "liang-kou-zi-shang"
    assert len(slug) <= 20


@pytest.mark.parametrize("text", ["？！", "😀", "——", "…"])
def test_what_cannot_be_spelled_gets_a_stable_code(text: str) -> None:
    assert re.fullmatch(r"x[0-9a-f]{8}", pinyin_slug(text))
    assert pinyin_slug(text) == pinyin_slug(text)
    assert pinyin_slug("？！") != pinyin_slug("😀")


@given(st.text(min_size=1, max_size=80))
def test_a_slug_is_never_empty_and_always_an_address(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", pinyin_slug(text, max_length=40))
    assert len(pinyin_slug(text, max_length=40)) <= 40
