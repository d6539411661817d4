"""What a volunteer, an activity, a sign-up and a line of hours can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdType(models.TextChoices):
    """The papers that a volunteer is known by."""

    RESIDENT = "resident", _("居民身份证")
    HK_MACAO = "hk_macao", _("港澳居民来往内地通行证")
    TAIWAN = "taiwan", _("台湾居民来往大陆通行证")
    FOREIGNER = "foreigner", _("外国人永久居留身份证")
    PASSPORT = "passport", _("护照")


class Field(models.TextChoices):
    """What an activity is about."""

    ELDERLY = "elderly", _("敬老助残")
    CHILDREN = "children", _("关爱儿童")
    ENVIRONMENT = "environment", _("环境整治")
    LAW = "law", _("普法调解")
    SAFETY = "safety", _("平安巡防")
    CULTURE = "culture", _("文化体育")
    EMERGENCY = "emergency", _("应急救援")
    FARMING = "farming", _("助农服务")
    HEALTH = "health", _("健康义诊")
    OTHER = "other", _("其他")


class ActivityState(models.TextChoices):
    """Whether an activity is shown to residents."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CANCELLED = "cancelled", _("已取消")


class SignUpState(models.TextChoices):
    """Where a volunteer stands with a shift."""

    SIGNED = "signed", _("已报名")
    WAITING = "waiting", _("候补")
    WITHDRAWN = "withdrawn", _("已退出")
    ATTENDED = "attended", _("已到场")
    ABSENT = "absent", _("未到场")


SEATED = (SignUpState.SIGNED, SignUpState.ATTENDED, SignUpState.ABSENT)
"""The states that take one of a shift's slots."""


class CheckInWay(models.TextChoices):
    """How somebody was found to be there."""

    ACCOUNT = "account", _("本人扫码")
    PHONE = "phone", _("姓名和手机尾号")
    LIST = "list", _("组织者登记")


class LineKind(models.TextChoices):
    """What hours were spent on. Training counts for itself: no star is earned by it."""

    SERVICE = "service", _("志愿服务")
    TRAINING = "training", _("培训")


class Verdict(models.TextChoices):
    """What was said to a line of hours: first by the volunteer, then, to an objection, by who keeps the record."""

    CONFIRMED = "confirmed", _("本人确认")
    OBJECTED = "objected", _("本人提出异议")
    CORRECTED = "corrected", _("核实后更正")
    UPHELD = "upheld", _("核实后维持")
    RETRACTED = "retracted", _("本人撤回异议")


ANSWERS = (Verdict.CONFIRMED, Verdict.OBJECTED)
RULINGS = (Verdict.CORRECTED, Verdict.UPHELD, Verdict.RETRACTED)


class CertificateState(models.TextChoices):
    """Where a request for a certificate stands."""

    REQUESTED = "requested", _("待出具")
    ISSUED = "issued", _("已出具")
    REFUSED = "refused", _("不予出具")
