"""Which clauses draw the reviewer's eye."""

import pytest

from knowledge.covenants.actions.patterns import PATTERNS
from knowledge.covenants.checklist import flags
from knowledge.covenants.models import Chapter, Clause, WordPattern
from knowledge.samples import read_yaml


def patterns() -> list[WordPattern]:
    return [WordPattern(**{**data, "words": "\n".join(map(str, data["words"]))}) for data in read_yaml(PATTERNS)]


def found(text: str) -> set[str]:
    return {flag.pattern.name for flag in flags([Chapter(1, "一", [Clause(1, text, [])])], patterns())}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("乱倒垃圾的，罚款五十元。", {"设定罚款、没收"}),
        ("欠的罚款可以用积分抵扣。", {"设定罚款、没收", "用积分抵罚款"}),
        ("不交卫生费的，取消低保。", {"减损低保、补贴、分红等权益"}),
        ("外嫁女不参加分红。", {"因婚姻状况区别对待妇女"}),
        ("连续三次不打扫的上黑榜。", {"公开羞辱、曝光个人信息"}),
        ("劝一劝、帮一帮，不罚款、不停水断电。", set()),
        ("禁止罚款，也不没收东西。", set()),
        ("积分换肥皂。", set()),
        ("不参加清洁日的罚款五十元。", {"设定罚款、没收"}),
        ("不打扫罚款20元。", {"设定罚款、没收"}),
        ("禁止乱倒垃圾违者罚款。", {"设定罚款、没收"}),
        ("村里不得以任何理由对村民罚款。", set()),
        ("我们坚决不搞罚款。", set()),
        ("违法的，交给有权的机关依法罚款。积分不能抵。", {"设定罚款、没收"}),
    ],
)
def test_words_are_flagged_unless_they_are_forbidden(text: str, names: set[str]) -> None:
    assert found(text) == names


def test_editors_own_words_are_looked_for() -> None:
    own = WordPattern(name="押金", words="交 押金\n扣 保证金", reason="于法无据", law="行政处罚法", article="16")
    text = "建房户先交环境押金；违约的，扣保证金。不交押金也能开工。"
    (flag,) = flags([Chapter(1, "一", [Clause(1, text, [])])], [own])
    assert (flag.phrase, flag.pattern) == ("建房户先交环境押金", own)
    assert flags([Chapter(1, "一", [Clause(1, "不交押金也能开工。", [])])], [own]) == []


def test_a_pattern_that_is_off_flags_nothing() -> None:
    off = WordPattern(name="x", words="罚款", reason="", law="行政处罚法", article="16", is_active=False)
    assert flags([Chapter(1, "一", [Clause(1, "罚款", [])])], [off]) == []
