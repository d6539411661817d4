"""manage.py sync_groups: bring the groups of editors in line with who holds the role today. Run it once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import groups


class Command(BaseCommand):
    """Takes people whose appointment ended out of their groups. What they may do ended with the appointment itself."""

    help = "按今天的任职更新各地“内容编辑”组的成员；每天运行一次（权限不等它：任职到期当天起即失效）"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已更新 {groups.sync_all()} 个地方的编辑组")
