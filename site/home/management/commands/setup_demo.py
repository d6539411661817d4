"""Everything that `make setup` does once the packages are there. Run again it adds only what is missing."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from home import demo, registers, setup
from knowledge.covenants import actions as covenants
from knowledge.guides import actions as guides
from registry.places import demo as places
from search import outbox


class Command(BaseCommand):
    help = "Set up the database, the sample content, the laws and the search index of a demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--laws", default="", help="a folder of statute texts, or the address of a git repository")
        parser.add_argument("--port", type=int, default=8000, help="the port that the demo will be served on")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SETTINGS_MODULE.endswith("production"):
            raise CommandError("The demo's users and content do not belong on a production site.")
        started = time.monotonic()
        # Nothing is delivered on the way: the index is brought up to date once, at the end.
        with outbox.held():
            self._fill(demo.find_laws(options["laws"]), options["port"])
        self._step("搜索索引", self._index)
        self.stdout.write(self.style.SUCCESS(f"就绪，用时 {time.monotonic() - started:.0f} 秒。"))

    def _fill(self, source: str, port: int) -> None:
        self._step("数据库", lambda: call_command("migrate", verbosity=0))
        self._step("网站", lambda: demo.ensure_site(port))
        if source:
            self._step("法律法规", lambda: call_command("import_laws", source))
        else:
            self.stdout.write(
                "  没有找到法律文本：make demo LAWS=文件夹或git仓库地址 可以导入（例如公开的 LawRefBook/Laws 仓库）。"
            )
        self._step("同义词", lambda: call_command("load_synonyms"))
        self._step("指南与问答", lambda: self._say(guides.load_sample()))
        self._step("云溪县的乡镇、村和网格", places.load)
        self._step("村规民约", lambda: self._say(covenants.load_sample()))
        self._step("栏目", setup.ensure_sections)
        self._step("角色", setup.ensure_roles)
        self._step("用户", demo.ensure_users)
        for name, fill in registers.steps():
            self._step(name, fill)

    def _step(self, name: str, run: Callable[[], Any]) -> None:
        self.stdout.write(f"▸ {name} …")
        self.stdout.flush()
        started = time.monotonic()
        run()
        self.stdout.write(f"  {name}：完成（{time.monotonic() - started:.1f} 秒）")

    def _say(self, report: object) -> None:
        if report:
            self.stdout.write(f"  {report}")

    def _index(self) -> None:
        # A first index has everything; later changes wait in the outbox.
        call_command("rebuild_search", "--if-missing")
        call_command("deliver_search")
