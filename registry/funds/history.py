"""What was done to a voucher, a fund or an account, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import audit

MOST_LINES = 20

LABELS = {
    "funds.open_fund": _("设立基金"),
    "funds.change_fund": _("修改资料"),
    "funds.close_fund": _("终止基金"),
    "funds.propose_voucher": _("提交凭证"),
    "funds.change_voucher": _("修改凭证"),
    "funds.withdraw_voucher": _("撤回凭证"),
    "funds.refuse_voucher": _("退回凭证"),
    "funds.approve_voucher": _("审批入账"),
    "funds.set_consent": _("更新公开意愿"),
    "funds.waive_receipt": _("登记放弃票据"),
    "funds.give_receipt": _("开具票据"),
    "funds.publish_statement": _("公开账目"),
    "funds.correct_statement": _("公开更正说明"),
}


@dataclass(frozen=True)
class Line:
    """One thing that was done."""

    at: datetime
    actor: str
    label: str


def of(subject: models.Model) -> list[Line]:
    """The last things that were done to something, the newest first."""
    lines = audit.lines_about(subject)[:MOST_LINES]
    return [Line(line.at, line.who, str(LABELS.get(line.action, line.action))) for line in lines]
