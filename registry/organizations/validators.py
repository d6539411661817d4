"""What may stand in the fields of the register, with the reason in Chinese where it may not."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.exceptions import ValidationError as NumberError

from registry.organizations.choices import LegalForm

_MARKUP = re.compile(r"<\s*[/!?a-zA-Z]")
_NAME_MARKS = set("·•・.-—－()（）“”《》、&＆' 　")

validate_phone = RegexValidator(
    r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4}|\d{7,8})$",
    gettext_lazy("电话号码不对：请填 11 位手机号，或带区号的座机号，例如 0572-5123456。"),
)


def _refuse_controls(value: str) -> None:
    for character in value:
        if unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} and character not in "\r\n\t":
            raise ValidationError(_("有看不见的控制字符，请删去后重新输入。"), code="control")


def validate_text(value: str) -> None:
    """Refuse web code and invisible characters in running text; everything else that people write may stand."""
    _refuse_controls(value)
    if _MARKUP.search(value):
        raise ValidationError(_("不能含有网页代码（<…>），请只填文字。"), code="markup")


def validate_name(value: str) -> None:
    """Names of organizations and persons: letters of any script (𠅤 too), digits and the marks that names have."""
    _refuse_controls(value)
    for character in value:
        if unicodedata.category(character)[0] not in "LNM" and character not in _NAME_MARKS:
            raise ValidationError(
                _("名称里不能有“%(character)s”，请只用汉字、字母、数字和常用的名称符号。"),
                code="name",
                params={"character": character},
            )
    if not any(unicodedata.category(character)[0] == "L" for character in value):
        raise ValidationError(_("名称里至少要有一个字。"), code="name")


def credit_code_problem(code: str, form: str) -> str:
    """Why a unified social credit code is not one for this legal form (GB 32100-2015); "" when it is right."""
    legal_form = LegalForm(form)
    if not legal_form.code_prefix:
        return _("社区社会组织（备案）没有统一社会信用代码，请留空；有代码的请改选法律形式。") if code else ""
    if not code:
        return _("%(form)s必须填写统一社会信用代码。") % {"form": legal_form.label}
    try:
        uscc.validate(code)
    except InvalidLength:
        return _("统一社会信用代码应是 18 位，现在是 %(length)s 位。") % {"length": len(code)}
    except InvalidChecksum:
        return _("统一社会信用代码的校验码不对，请逐位核对。")
    except NumberError:
        return _("统一社会信用代码只有数字和大写字母（没有 I、O、S、V、Z），请核对。")
    if not code.startswith(legal_form.code_prefix):
        return _("%(form)s的统一社会信用代码以 %(prefix)s 开头，请核对代码或法律形式。") % {
            "form": legal_form.label,
            "prefix": legal_form.code_prefix,
        }
    return ""
