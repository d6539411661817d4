"""The table of synonyms: loaded, kept by editors, used from the next query on."""

import io
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from search import actions, synonyms
from search.analysis import fold
from search.importers import SEED_FILE, read_synonyms
from search.models import SynonymGroup, SynonymSeed

pytestmark = pytest.mark.django_db


def group(words, expansions, **fields):
    return SynonymGroup.objects.create(words=words, expansions=expansions, **fields)


def expanded(text):
    return [(match.lay, match.words) for match in synonyms.expansions(fold(text))]


def test_a_lay_word_is_expanded_and_its_place_is_told():
    group("房东、包租婆", "出租人")
    match = synonyms.expansions("房东不退押金")[0]
    assert (match.lay, match.start, match.end, match.words) == ("房东", 0, 2, ("出租人",))
    assert expanded("包租婆要涨租") == [("包租婆", ("出租人",))]
    assert expanded("出租人") == []
    assert expanded("") == []


def test_the_longest_word_counts_alone():
    group("工资", "劳动报酬")
    group("拖欠工资", "克扣或者无故拖欠")
    group("工资条", "工资支付凭证")
    assert [lay for lay, _ in expanded("拖欠工资怎么办")] == ["拖欠工资"]
    assert [lay for lay, _ in expanded("拖欠工资条")] == ["拖欠工资"]
    assert [lay for lay, _ in expanded("工资条在哪")] == ["工资条"]
    assert [lay for lay, _ in expanded("工资，拖欠工资")] == ["工资", "拖欠工资"]


def test_words_are_compared_folded_and_latin_words_whole():
    group("KTV、ｗｉｆｉ", "歌舞娱乐场所")
    group("離婚證", "离婚登记")
    assert [lay for lay, _ in expanded("ktv老板")] == ["ktv"]
    assert [lay for lay, _ in expanded("Wi-Fi wifi")] == ["wifi"]
    assert expanded("ktvs") == []
    assert expanded("离婚证")[0][1] == ("离婚登记",)


def test_groups_that_share_a_word_answer_together():
    group("小三", "与他人同居")
    group("小三、第三者", "重婚")
    assert expanded("小三")[0][1] == ("与他人同居", "重婚")


def test_every_change_counts_from_the_next_query_on():
    one = group("房东", "出租人")
    assert expanded("房东") == [("房东", ("出租人",))]
    one.expansions = "出租人、产权人"
    one.save()
    assert expanded("房东") == [("房东", ("出租人", "产权人"))]
    other = group("房客", "承租人")
    assert len(expanded("房东和房客")) == 2
    other.active = False
    other.save()
    assert len(expanded("房东和房客")) == 1
    one.delete()
    assert expanded("房东和房客") == []


def test_an_unchanged_table_costs_one_query(django_assert_num_queries):
    group("房东", "出租人")
    synonyms.expansions("房东")
    with django_assert_num_queries(1):
        synonyms.expansions("房东")


def test_the_table_is_read_anew_after_a_while_whatever_the_version_says(monkeypatch):
    group("房东", "出租人")
    assert expanded("房东")
    SynonymGroup.objects.filter(words="房东").update(expansions="所有权人")
    assert expanded("房东")[0][1] == ("出租人",)
    monkeypatch.setattr(synonyms, "RELOAD_SECONDS", 0.0)
    assert expanded("房东")[0][1] == ("所有权人",)


@pytest.mark.django_db(transaction=True)
def test_threads_see_a_change_when_it_is_committed():
    group("房东", "出租人")
    seen = []

    def look():
        seen.append(expanded("房东 房客"))
        connection.close()

    for change in (lambda: None, lambda: group("房客", "承租人")):
        change()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert [len(each) for each in seen] == [1, 2]


@pytest.mark.parametrize(
    ("words", "expansions", "field"),
    [
        ("", "出租人", "words"),
        ("、，", "出租人", "words"),
        ("房东", "…", "expansions"),
        ("房东、？", "出租人", "words"),
        ("一" * 21, "出租人", "words"),
        ("、".join(f"词{number}" for number in range(21)), "出租人", "words"),
        ("房东、出租人", "出租人、所有权人", "expansions"),
        ("離婚", "离婚", "expansions"),
    ],
)
def test_what_a_group_may_not_be(words, expansions, field):
    with pytest.raises(ValidationError) as refused:
        SynonymGroup(words=words, expansions=expansions).full_clean()
    assert list(refused.value.message_dict) == [field]


def test_words_are_stored_one_way():
    one = SynonymGroup(words="房东， 包租婆;房东；房  东\n", expansions="出租人,產權人")
    one.full_clean()
    assert (one.words, one.expansions) == ("房东、包租婆、房 东", "出租人、產權人")


def test_the_database_refuses_empty_and_doubled_groups():
    group("房东", "出租人")
    for fields in (
        {"words": "房东", "expansions": "x"},
        {"words": "", "expansions": "x"},
        {"words": "x", "expansions": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SynonymGroup.objects.create(**fields)


def test_owners_are_the_other_active_groups():
    one = group("房东、包租婆", "出租人")
    group("二房东", "转租人", active=False)
    assert synonyms.owners(["房東", "二房东", "房客"]) == {"房東": one}
    assert synonyms.owners(["房东"], besides=one.pk) == {}


def test_too_general_words_are_named(index):
    general = SynonymGroup(words="闹掰了、一", expansions="劳动争议、抵押权")
    assert synonyms.general_words(general) == ["一", "劳动争议"]


def test_nothing_is_too_general_without_an_index(settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "nowhere"
    assert synonyms.general_words(SynonymGroup(words="一", expansions="人")) == []


# --- the list that the project brings -----------------------------------------------------------------------------


def lines(tmp_path, *rows, heading="lay\tlegal\tfield"):
    path = tmp_path / "list.tsv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return path


def load(path):
    return actions.load_synonyms(lines=read_synonyms(path).lines)


def stored():
    return dict(SynonymGroup.objects.values_list("words", "expansions"))


def test_the_projects_own_list_is_whole():
    read = read_synonyms(SEED_FILE)
    assert read.problems == []
    assert len(read.lines) >= 300
    report = actions.load_synonyms(lines=read.lines)
    assert (report.created, report.problems) == (len(read.lines), [])
    for row in SynonymGroup.objects.all():
        row.full_clean()


def test_loading_again_changes_nothing(tmp_path):
    path = lines(tmp_path, "房东、包租婆\t出租人\t租房", "小三\t与他人同居\t婚姻")
    assert load(path).created == 2
    before = list(SynonymGroup.objects.order_by("pk").values())
    report = load(path)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert list(SynonymGroup.objects.order_by("pk").values()) == before


def test_a_newer_list_changes_what_no_editor_touched(tmp_path):
    load(lines(tmp_path, "房东\t出租人\t租房", "小三\t与他人同居\t婚姻"))
    SynonymGroup.objects.filter(words="小三").update(expansions="重婚")
    report = load(
        lines(tmp_path, "房东、包租婆\t出租人、产权人\t租房", "小三、第三者\t与他人同居\t婚姻", "房客\t承租人\t租房")
    )
    assert (report.created, report.updated, report.kept) == (1, 1, 1)
    assert stored() == {"房东、包租婆": "出租人、产权人", "小三": "重婚", "房客": "承租人"}


def test_what_an_editor_deleted_or_switched_off_does_not_come_back(tmp_path):
    path = lines(tmp_path, "房东\t出租人\t租房", "小三\t与他人同居\t婚姻")
    load(path)
    SynonymGroup.objects.get(words="房东").delete()
    SynonymGroup.objects.filter(words="小三").update(active=False)
    report = load(path)
    assert (report.created, report.updated, report.kept) == (0, 0, 2)
    assert stored() == {"小三": "与他人同居"}


def test_a_word_that_an_editor_has_already_is_left_to_the_editor(tmp_path):
    group("包租婆、二房东", "转租人")
    report = load(lines(tmp_path, "房东、包租婆\t出租人\t租房"))
    assert (report.created, len(report.problems)) == (0, 1)
    assert "包租婆" in report.problems[0]
    assert not SynonymSeed.objects.exists()


def test_lines_that_break_a_rule_are_named(tmp_path):
    path = lines(
        tmp_path,
        "# a remark",
        "",
        "房东\t出租人",
        "\t出租人",
        "房客",
        "房東\t产权人",
        f"{'长' * 30}\tx",
        "a\tb\t" + "长" * 21,
    )
    read = read_synonyms(path)
    assert [line.words for line in read.lines] == ["房东"]
    assert [problem.split(":")[0] for problem in read.problems] == ["line 5", "line 6", "line 7", "line 8", "line 9"]


def test_the_command_reports(tmp_path):
    out, err = io.StringIO(), io.StringIO()
    path = lines(tmp_path, "房东\t出租人\t租房", "房東\t产权人\t租房")
    call_command("load_synonyms", str(path), stdout=out, stderr=err)
    assert "1 created" in out.getvalue()
    assert "line 3" in err.getvalue()
    with pytest.raises(CommandError, match="first line must be"):
        call_command("load_synonyms", str(lines(tmp_path, "房东\t出租人", heading="a\tb")))
    with pytest.raises(CommandError):
        call_command("load_synonyms", str(tmp_path / "missing.tsv"))
