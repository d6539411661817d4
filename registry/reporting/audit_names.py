"""What the actions on reports are called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions({"reporting.save_report": _("保存报表"), "reporting.delete_report": _("删除报表")})
