"""What guides are sorted by: the events of a life, and the people they are written for."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class LifeEvent(models.TextChoices):
    """What happens in a life and makes people look for the law. The value is part of addresses: never change one."""

    MARRIAGE = "marriage", _("婚姻家庭")
    INHERITANCE = "inheritance", _("继承遗嘱")
    RENTING = "renting", _("租房买房")
    WAGES = "wages", _("打工工资")
    NEIGHBOURS = "neighbours", _("邻里纠纷")
    LAND = "land", _("土地宅基地")
    ELDER = "elder", _("养老赡养")
    CHILDREN = "children", _("孩子成长")
    TRAFFIC = "traffic", _("交通事故")
    FRAUD = "fraud", _("防骗反诈")
    LOANS = "loans", _("借钱还钱")
    CONSUMERS = "consumers", _("消费维权")
    MEDIATION = "mediation", _("调解和村务")
    LEGAL_AID = "legal-aid", _("法律援助和打官司")

    @property
    def description(self) -> "str | Promise":
        """One line that says what belongs here, in the words of residents."""
        return _DESCRIPTIONS[self]

    @property
    def icon(self) -> str:
        """The name of the event's icon in the site's icon set; the same as the value."""
        return str(self.value)


_DESCRIPTIONS: dict[LifeEvent, "str | Promise"] = {
    LifeEvent.MARRIAGE: _("结婚离婚、彩礼、抚养费、家庭暴力"),
    LifeEvent.INHERITANCE: _("立遗嘱、分遗产、谁能继承"),
    LifeEvent.RENTING: _("租房押金、买房定金、物业费"),
    LifeEvent.WAGES: _("欠薪、劳动合同、工伤、被辞退"),
    LifeEvent.NEIGHBOURS: _("漏水、噪音、采光、墙和路、养狗"),
    LifeEvent.LAND: _("承包地、宅基地、征地补偿、土地流转"),
    LifeEvent.ELDER: _("赡养老人、监护、老人的钱和房"),
    LifeEvent.CHILDREN: _("上学、校园欺凌、上网充值、监护"),
    LifeEvent.TRAFFIC: _("出了车祸怎么办、保险怎么赔、酒驾"),
    LifeEvent.FRAUD: _("电信诈骗、非法集资、养老骗局、个人信息"),
    LifeEvent.LOANS: _("借条怎么写、钱要不回来、替人担保、催收"),
    LifeEvent.CONSUMERS: _("买到假货、退货退款、预付卡、食品安全"),
    LifeEvent.MEDIATION: _("申请调解、村务公开、村民会议、村规民约"),
    LifeEvent.LEGAL_AID: _("请不起律师、起诉、执行、行政复议"),
}


class Audience(models.TextChoices):
    """Whom a page is written for."""

    EVERYONE = "everyone", _("所有人")
    WOMEN = "women", _("妇女")
    ELDERLY = "elderly", _("老年人")
    CHILDREN = "children", _("未成年人")
    WORKERS = "workers", _("务工人员")
    FARMERS = "farmers", _("农户")
    MIGRANTS = "migrants", _("外来人口")
    DISABLED = "disabled", _("残疾人")
    ORGANIZATIONS = "organizations", _("社会组织和企业")
