"""manage.py import_laws PATH: bring the laws in line with a folder or repository of statutes in Markdown."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from knowledge.laws import actions
from knowledge.laws.fetching import FetchError, fetch, is_address
from knowledge.laws.importers import NotALawFolderError

SHOWN_REMARKS = 40


class Command(BaseCommand):
    """Reads a folder of statutes into laws, editions and articles."""

    help = "把一个文件夹（或 git 仓库地址）里的法律文本导入；再次运行只写入有变化的文本"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="Markdown 法律文本所在的文件夹，或 git 仓库地址")
        parser.add_argument("--no-index", action="store_true", help="不记录索引变更，之后须运行 rebuild_search")
        parser.add_argument("--references", action="store_true", help="全部重新查找条文之间的引用")
        parser.add_argument("--report", type=Path, help="把全部说明写入这个文件（默认只显示前 40 条）")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            path = self._folder(options["path"])
            report = actions.import_folder(path=path, progress=self._progress, index=not options["no_index"])
        except (FetchError, NotALawFolderError) as error:
            raise CommandError(str(error)) from error
        self._tell(report)
        if options["references"]:
            self.stdout.write(f"条文之间的引用 {actions.rebuild_references(progress=self._progress)} 处")
        self._tell_remarks(report, options["report"])
        self.stdout.write(f"用时 {time.monotonic() - began:.1f} 秒")

    def _folder(self, given: str) -> Path:
        if not is_address(given):
            return Path(given)
        self.stdout.write(f"取得 {given} …")
        return fetch(given, Path(settings.DATA_DIR) / "laws-source")

    def _progress(self, items: Iterable[Any], label: str) -> Iterable[Any]:
        return tqdm(items, desc=label, file=self.stderr, disable=None, leave=False, ncols=80)

    def _tell(self, report: actions.ImportReport) -> None:
        numbered = report.pieces.get("article", 0)
        sections, texts = report.pieces.get("section", 0), report.pieces.get("text", 0)
        preambles, annexes = report.pieces.get("preamble", 0), report.pieces.get("annex", 0)
        self.stdout.write(
            f"文件 {report.files} 个（另有导航文件 {report.navigation_files} 个）："
            f"法律文本 {report.editions} 份，法典其余分编 {report.books} 个，重复文件 {report.copies} 个，"
            f"未导入 {report.refused} 个"
        )
        self.stdout.write(
            f"法律 {report.laws} 部，旧文本 {report.older_editions} 份；现行文本共 {numbered} 条，"
            f"无条文本的段落 {sections} 段、全文 {texts} 篇，序言 {preambles} 篇，附件 {annexes} 篇"
        )
        if report.changed:
            self.stdout.write(f"新增文本 {report.editions_created} 份，更新 {report.editions_changed} 份")
        else:
            self.stdout.write("没有变化，未写入任何文本")
        for edition in report.editions_withdrawn:
            self.stdout.write(f"撤下（文件已并入其他文本）：{edition}")
        for file in report.missing:
            self.stdout.write(f"文件不见了，文本保留：{file}")

    def _tell_remarks(self, report: actions.ImportReport, target: Path | None) -> None:
        lines = [str(remark) for remark in report.remarks]
        if target:
            target.write_text("\n".join(lines) + "\n", encoding="utf-8")
            self.stdout.write(f"说明 {len(lines)} 条，见 {target}")
            return
        self.stdout.write(f"未能完全按格式读取之处 {len(lines)} 条：" if lines else "全部文件均按格式读取")
        for line in lines[:SHOWN_REMARKS]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN_REMARKS:
            self.stdout.write(f"  …另有 {len(lines) - SHOWN_REMARKS} 条，用 --report 文件名 查看全部")
