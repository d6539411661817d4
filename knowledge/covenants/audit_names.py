"""What the steps of a covenant are called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions(
    {
        "covenants.opinions": _("村规民约：征求意见"),
        "covenants.draft": _("村规民约：起草定稿"),
        "covenants.submitted": _("村规民约：报乡镇审核"),
        "covenants.returned": _("村规民约：乡镇退回"),
        "covenants.reviewed": _("村规民约：乡镇审核通过"),
        "covenants.vote": _("村规民约：会议表决"),
        "covenants.filing": _("村规民约：报乡镇备案"),
        "covenants.publication": _("村规民约：公布施行"),
    }
)
