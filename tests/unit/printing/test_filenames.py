"""File names."""

import pytest

from printing.filenames import safe, unique


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("石桥村9月积分公示.pdf", "石桥村9月积分公示.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ('a/b\\c:d*e?"f<g>h|i.xlsx', "a_b_c_d_e_f_g_h_i.xlsx"),
        ("换\n行.pdf", "换_行.pdf"),
        ("...", "文件"),
        ("𠅤的证明.pdf", "𠅤的证明.pdf"),
    ],
)
def test_what_systems_refuse_is_replaced(name, expected):
    assert safe(name) == expected


def test_long_names_are_cut_before_their_extension():
    name = safe("长" * 300 + ".pdf")
    assert name.endswith("长.pdf")
    assert len(name.encode()) < 200


def test_a_name_is_given_once():
    taken: set[str] = set()
    names = [unique("报告.PDF", taken), unique("报告.pdf", taken), unique("报告.pdf", taken)]
    assert names == ["报告.PDF", "报告（2）.pdf", "报告（3）.pdf"]
