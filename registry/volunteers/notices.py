"""What volunteers are told by e-mail, where their account has an address; once what it tells of is certain."""

from functools import partial

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from registry.volunteers.models import Shift, SignUp


def promoted(sign_up: SignUp) -> None:
    """A slot became free for somebody who waited."""
    shift = sign_up.shift
    _tell(
        sign_up,
        _("候补成功：%(activity)s") % {"activity": shift.activity},
        _("有人退出，名额轮到您了：%(shift)s，集合地点：%(address)s。来不了请在报名截止前退出。")
        % {"shift": shift, "address": shift.activity.address},
    )


def shift_cancelled(sign_up: SignUp, why: str) -> None:
    """A shift was called off."""
    shift: Shift = sign_up.shift
    _tell(
        sign_up,
        _("活动取消：%(activity)s") % {"activity": shift.activity},
        _("您报名的%(shift)s已取消，原因：%(why)s。") % {"shift": shift, "why": why},
    )


def _tell(sign_up: SignUp, subject: str, text: str) -> None:
    user = sign_up.volunteer.user
    if user is None or not user.email:
        return
    # A mail server that is away must not undo what was done: the failure is logged.
    transaction.on_commit(partial(send_mail, subject, text, None, [user.email]), robust=True)
