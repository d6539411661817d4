"""What `make demo` prints last: where the site is, who to sign in as, what to try."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from home import demo


class Command(BaseCommand):
    help = "Print the demo's address, users and what to try."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        site = f"http://localhost:{options['port']}"
        passwords = demo.passwords()
        people = "\n".join(
            f"    {user.username:<8} {passwords.get(user.username, '（密码已自行修改）'):<16} {user.display_name}"
            for user in demo.USERS
        )
        self.stdout.write(
            f"""
  乡约已就绪
  网站    {site}/
  后台    {site}/admin/
{people}

  试一试
    {site}/search/?q=邻居装修把我家墙弄裂了找谁赔
    {site}/search/?q=民法典1079条     直接到条文
    {site}/search/?q=劳动仲栽          猜您想找
    页面右上角：繁體、大字
    用 bianji 登录写一篇指南并提交审核，再用 shenhe 登录批准，马上就能搜到
    用 zhen 登录看全镇的登记、积分和报表；用 cun 登录，只看得到柳河村的
    {site}/volunteer/mine/     用 zhiyuan 登录看自己的志愿时长和记录证明

  按 Ctrl+C 停止。数据在 var/ 里，下次 make demo 几秒钟就能启动。
"""
        )
