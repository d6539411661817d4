"""The fixed lists of the register of organizations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    """What an organization is before the law.

    The first three are registered as legal persons (Civil Code articles 90 to 92; Charity Law article 8). A community
    organization is only put on file with the township or street and has no legal personality.
    """

    SOCIAL_GROUP = "social_group", _("社会团体")
    SERVICE_INSTITUTION = "service_institution", _("社会服务机构")
    FOUNDATION = "foundation", _("基金会")
    COMMUNITY = "community", _("社区社会组织（备案）")

    @property
    def code_prefix(self) -> str:
        """How its unified social credit code begins (GB 32100-2015: 5 for civil affairs, then the form), or nothing."""
        return {"social_group": "51", "service_institution": "52", "foundation": "53"}.get(self.value, "")


class FieldOfWork(models.TextChoices):
    """What an organization works on."""

    ELDERLY = "elderly", _("养老助老")
    CHILDREN = "children", _("儿童与青少年")
    DISABILITY = "disability", _("助残")
    RELIEF = "relief", _("扶贫济困")
    MEDIATION = "mediation", _("矛盾调解与法律服务")
    GOVERNANCE = "governance", _("议事协商与邻里互助")
    ENVIRONMENT = "environment", _("环境保护")
    CULTURE = "culture", _("文化与非遗")
    SPORTS = "sports", _("体育健身")
    HEALTH = "health", _("卫生健康")
    EDUCATION = "education", _("教育培训")
    SAFETY = "safety", _("平安与应急")
    LIVELIHOOD = "livelihood", _("生产互助与就业")
    OTHER = "other", _("其他")


class Audience(models.TextChoices):
    """Whom a service is for."""

    EVERYONE = "everyone", _("全体居民")
    ELDERLY = "elderly", _("老年人")
    CHILDREN = "children", _("儿童与青少年")
    WOMEN = "women", _("妇女")
    DISABLED = "disabled", _("残疾人")
    POOR = "poor", _("困难家庭")
    NEWCOMERS = "newcomers", _("新居民")
    FARMERS = "farmers", _("农户")


class PremisesRight(models.TextChoices):
    """By what right an organization uses its premises."""

    PROVIDED = "provided", _("村（社区）无偿提供")
    RENTED = "rented", _("租用")
    OWNED = "owned", _("自有")
    SHARED = "shared", _("与其他单位合用")


class FileKind(models.TextChoices):
    """What a file proves. A filing needs a charter."""

    CHARTER = "charter", _("章程")
    PREMISES = "premises", _("场所使用证明")
    MINUTES = "minutes", _("成立会议纪要")
    CERTIFICATE = "certificate", _("法人登记证书")
    OTHER = "other", _("其他材料")


class Status(models.TextChoices):
    """How an organization stands in the register."""

    REGISTERED = "registered", _("有效")
    EXPIRED = "expired", _("已过期")
    DEREGISTERED = "deregistered", _("已注销")


class State(models.TextChoices):
    """How far a filing has come."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    IN_REVIEW = "in_review", _("审核中")
    RETURNED = "returned", _("退回补正")
    APPROVED = "approved", _("已通过")
    REFUSED = "refused", _("不予备案")


OPEN = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED)
WAITING = (State.SUBMITTED, State.IN_REVIEW)
EDITABLE = (State.DRAFT, State.RETURNED)
DECIDED = (State.APPROVED, State.REFUSED)


class Purpose(models.TextChoices):
    """What a filing asks for."""

    NEW = "new", _("新备案")
    RENEWAL = "renewal", _("续期")


class Outcome(models.TextChoices):
    """What a reviewer decided on a submission."""

    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退回补正")
    REFUSED = "refused", _("不予备案")


class Stage(models.TextChoices):
    """How far an organization has grown in the incubation base."""

    SEED = "seed", _("入壳培育")
    GROWING = "growing", _("成长扶持")
    MATURE = "mature", _("规范提升")
    GRADUATED = "graduated", _("出壳")


class SupportKind(models.TextChoices):
    """What support an organization received."""

    VENUE = "venue", _("场地")
    FUNDING = "funding", _("资金")
    TRAINING = "training", _("培训")
    MENTORING = "mentoring", _("专家辅导")
    MATERIALS = "materials", _("物资设备")
    OTHER = "other", _("其他")


class Rating(models.TextChoices):
    """How the work under a contract was judged."""

    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")
