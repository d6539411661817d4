"""Small helps for the templates of organizations."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key that the template has in a variable; nothing when it holds nothing."""
    return mapping.get(key) if isinstance(mapping, Mapping) else None


@register.filter
def grouped(value: Decimal | int | None) -> str:
    """A figure with a comma at each thousand, as Chinese accounts are written. The locale would put it at 10,000."""
    return "" if value is None else f"{value:,}"


_ACTIONS: "dict[str, str | Promise]" = {
    "start_filing": _("开始填写"),
    "save_draft_step": _("保存一步"),
    "set_founders": _("填写发起人"),
    "set_members": _("填写会员"),
    "add_file": _("上传材料"),
    "remove_file": _("删除材料"),
    "start_renewal": _("开始续期"),
    "submit_filing": _("提交"),
    "take_into_review": _("接手审核"),
    "approve_filing": _("通过"),
    "return_filing": _("退回补正"),
    "refuse_filing": _("不予备案"),
    "expire": _("到期"),
    "remind_of_renewal": _("提醒续期"),
    "deregister": _("注销"),
    "add_manager": _("添加管理员"),
    "remove_manager": _("移除管理员"),
    "load_demo": _("载入演示数据"),
}


@register.filter
def action_label(action: str) -> "str | Promise":
    """What an audit line's action is called; its own name where it has no other."""
    return _ACTIONS.get(action.removeprefix("organizations."), action)
