"""What an import is called in the list of what was done."""

from django.utils.translation import gettext_lazy as _

from accounts.audit import name_actions

name_actions({"importing.apply": _("导入表格")})
