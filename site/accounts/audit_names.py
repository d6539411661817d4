"""What the actions on accounts and places are called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions(
    {
        "accounts.register": _("注册账号"),
        "accounts.rename": _("改姓名"),
        "accounts.change_password": _("改密码"),
        "accounts.change_email": _("换邮箱"),
        "accounts.request_deletion": _("申请注销"),
        "accounts.withdraw_deletion": _("撤回注销申请"),
        "accounts.complete_deletion": _("办理注销"),
        "accounts.appoint": _("任职"),
        "accounts.change_appointment": _("改任期"),
        "accounts.end_appointment": _("结束任职"),
        "places.import_places": _("导入区划代码"),
        "places.add_grid": _("加网格"),
        "places.change_figures": _("更新地方资料"),
        "places.rename": _("改地名"),
        "places.delete_place": _("删网格"),
    }
)
