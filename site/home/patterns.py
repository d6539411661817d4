"""What the pattern page shows: each component with the values that bring out its states."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.results import Hit, Segment

COLOURS = ("paper", "surface", "sunken", "ink", "accent", "accent-strong", "accent-soft", "mark")
SIZES = ("3xl", "2xl", "xl", "l", "m", "s", "xs")


class PatternForm(forms.Form):
    """A form with a field of each kind; bound to nothing, so that what is required shows its error."""

    name = forms.CharField(label=gettext_lazy("姓名"), help_text=gettext_lazy("与身份证一致。"))
    phone = forms.CharField(label=gettext_lazy("电话"), widget=forms.TextInput(attrs={"inputmode": "tel"}))
    village = forms.ChoiceField(
        label=gettext_lazy("所在村"),
        choices=[("", gettext_lazy("请选择")), ("1", gettext_lazy("东村")), ("2", gettext_lazy("西村"))],
    )
    way = forms.ChoiceField(
        label=gettext_lazy("怎么联系您"),
        choices=[("call", gettext_lazy("打电话")), ("visit", gettext_lazy("上门"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=gettext_lazy("要说的事"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    code = forms.CharField(label=gettext_lazy("受理编号"), disabled=True, required=False, initial="2026-0001")


def pattern_examples() -> dict[str, Any]:
    """The context of the pattern page."""
    return {
        "colours": COLOURS,
        "sizes": SIZES,
        "icons": icon_names(),
        "cards": _cards(),
        "hits": _hits(),
        "steps": _steps(),
        "notices": _notices(),
        "groups": _groups(),
        "table": _table(),
        "form": PatternForm(prefix="fresh"),
        "refused_form": PatternForm({}, prefix="refused"),
        "breadcrumb_items": [(_("普法指南"), "/"), (_("婚姻家庭"), "/"), (_("协议离婚怎么办手续"), "")],
        "article": _("夫妻一方要求离婚的，可以由有关组织进行调解或者直接向人民法院提起离婚诉讼。"),
        "empty_actions": [(_("看看常见问题"), "/"), (_("按人生大事找"), "/")],
    }


def icon_names() -> list[str]:
    """The names of the drawings in the sprite, as the sprite itself has them."""
    path = finders.find("home/icons.svg")
    return re.findall(r'<symbol id="([^"]+)"', Path(path).read_text(encoding="utf-8")) if path else []


def _cards() -> list[dict[str, str]]:
    return [
        {
            "title": _("协议离婚怎么办手续"),
            "url": "/",
            "label": _("指南"),
            "text": _("双方自愿、对孩子和财产都商量好了，一起到婚姻登记机关申请。"),
            "meta": _("2026年9月15日审核"),
        },
        {"title": _("婚姻家庭"), "url": "/", "text": _("结婚离婚、彩礼、抚养费"), "icon": "marriage"},
        {"title": _("没有链接的卡片"), "text": _("只有标题和文字，鼠标移上去没有变化。")},
    ]


def _hits() -> list[Hit]:
    passage = (
        Segment(_("人民法院审理离婚案件，应当进行调解；如果")),
        Segment(_("感情确已破裂"), matched=True),
        Segment(_("，调解无效的，应当准予离婚。")),
    )
    return [
        Hit(
            key="guide:1",
            kind="guide",
            title=(Segment(_("协议")), Segment(_("离婚"), matched=True), Segment(_("怎么办手续"))),
            url="/",
            score=2.0,
            label=_("婚姻家庭"),
            summary=_("双方自愿、对孩子和财产都商量好了，一起到婚姻登记机关申请，三十天后领证。"),
            topics=(_("离婚"), _("婚姻登记")),
            date=date(2026, 9, 15),
            promoted=True,
        ),
        Hit(
            key="article:1",
            kind="article",
            title=(Segment(_("民法典　第一千零七十九条")),),
            url="/",
            score=1.0,
            heading=_("婚姻家庭编　第四章　离婚"),
            passage=passage,
        ),
    ]


def _steps() -> list[dict[str, str]]:
    return [
        {"title": _("先留证据"), "text": _("拍照、录像，写明时间和地点。聊天记录不要删。")},
        {"title": _("找村里调解"), "text": _("人民调解不收费，达成的协议有法律约束力。")},
        {"title": _("谈不拢再起诉"), "text": _("到被告住所地的基层人民法院立案。")},
    ]


def _notices() -> list[dict[str, str]]:
    return [
        {"kind": "info", "title": _("各地标准不同"), "text": _("以当地规定为准。")},
        {"kind": "warning", "title": _("三十天内可以反悔"), "text": _("任何一方不愿意离婚的，可以撤回申请。")},
        {"kind": "success", "title": _("已经提交"), "text": _("我们会在两个工作日内联系您。")},
        {"kind": "error", "title": _("没有保存"), "text": _("请看下面标红的地方，改好再提交。")},
    ]


def _groups() -> list[dict[str, Any]]:
    def value(label: str, count: int, *, selected: bool = False) -> dict[str, Any]:
        return {"label": label, "count": count, "selected": selected, "url": "?"}

    return [
        {
            "label": _("类型"),
            "choices": [value(_("指南"), 12, selected=True), value(_("问答"), 31), value(_("法条"), 208)],
        },
        {"label": _("主题"), "choices": [value(_("离婚"), 9), value(_("抚养费"), 4), value(_("彩礼"), 0)]},
    ]


def _table() -> dict[str, Any]:
    return {
        "caption": _("劳动者的经济补偿"),
        "head": [_("工作年限"), _("补偿"), _("说明")],
        "rows": [
            [_("不满六个月"), _("半个月工资"), _("按离职前十二个月的平均工资算")],
            [_("六个月以上不满一年"), _("一个月工资"), _("按一年算")],
            [_("每满一年"), _("一个月工资"), _("工资高于当地平均三倍的，最多算十二年")],
        ],
    }
