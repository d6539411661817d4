"""What officials type into a cell, read as the value that they meant, or refused with the reason.

Each function takes a cell as openpyxl or csv gives it (None, text, number, date) and returns the value, None for an
empty cell. What cannot be read raises ValueError with a text for the user.
"""

import datetime
import re
import unicodedata
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+\d+$", re.IGNORECASE)
_DATE = re.compile(r"^(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?$")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_TIME = re.compile(r"^(上午|下午|晚上|中午)?\s*(\d{1,2})[::时点](?:(\d{1,2})分?)?(?::\d{2}(?:\.0+)?)?$")
_NUMBER = re.compile(r"^[+-]?\d{1,15}(\.\d{1,15})?$")
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_EXCEL_DAYS = range(3654, 80_000)
"""Serial numbers that are read as days: 1910-01-01 to 2119. Smaller ones are numbers that somebody typed."""
EXACT_DIGITS = 15
"""Excel keeps so many digits of a number; a longer one has lost its end."""

TRUE = frozenset(["是", "有", "对", "√", "✓", "✔", "1", "y", "yes", "true", "同意"])
FALSE = frozenset(["否", "无", "没有", "不", "×", "✗", "0", "n", "no", "false", "不同意"])


def text(value: Any) -> str | None:
    """Text as typed, without spaces around it (full-width ones too) and invisible characters. 12.0 is "12"."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return _INVISIBLE.sub("", str(value)).replace("\u3000", " ").replace("\xa0", " ").strip() or None


def narrow(value: Any) -> str | None:
    """Text with full-width digits, letters and punctuation made narrow: for numbers, codes and dates."""
    found = text(value)
    return unicodedata.normalize("NFKC", found).strip() if found else None


def decimal(value: Any, *, places: int = 2) -> Decimal | None:
    """A number of at most so many decimal places. "¥1,200.50 元" is 1200.50."""
    found = narrow(value)
    if found is None:
        return None
    plain = found.replace(",", "").replace(" ", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    # 0.1 + 0.2 in a formula is 0.30000000000000004.
    plain = f"{value:.9f}" if isinstance(value, float) else plain
    if not _NUMBER.match(plain):
        raise ValueError(_("“%(value)s”不是数字。") % {"value": found})
    number = Decimal(plain)
    if number != round(number, places):
        raise ValueError(_("“%(value)s”最多只能有 %(places)d 位小数。") % {"value": found, "places": places})
    return round(number, places)


def integer(value: Any) -> int | None:
    """A whole number."""
    number = decimal(value, places=0) if _is_whole(value) else None
    if number is None and narrow(value) is not None:
        raise ValueError(_("“%(value)s”不是整数。") % {"value": narrow(value)})
    return None if number is None else int(number)


def _is_whole(value: Any) -> bool:
    try:
        found = decimal(value, places=9)
    except ValueError:
        return False
    return found is not None and found == found.to_integral_value()


def date(value: Any) -> datetime.date | None:
    """A day: a date cell, its serial number (45356), or text such as 2024年3月5日, 2024-3-5, 2024.03.05, 20240305."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    found = narrow(value)
    if found is None:
        return None
    day = found.removesuffix(" 00:00:00").removesuffix("T00:00:00")
    if match := _DATE.match(day) or _COMPACT_DATE.match(day):
        year, month, number = map(int, match.groups())
        try:
            return datetime.date(year, month, number)
        except ValueError as error:
            raise ValueError(_("没有“%(value)s”这一天。") % {"value": found}) from error
    if day.isdigit() and int(day) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + datetime.timedelta(days=int(day))
    raise ValueError(_("“%(value)s”不是能认出的日期：请写成 2024-03-05 或 2024年3月5日。") % {"value": found})


def moment(value: Any) -> datetime.datetime | None:
    """A day and time in the site's time zone: a date cell, or text such as 2024年3月5日 下午2:30."""
    if isinstance(value, datetime.datetime):
        return timezone.make_aware(value) if timezone.is_naive(value) else value
    if isinstance(value, float):
        whole = _EXCEL_EPOCH + datetime.timedelta(days=int(value))
        seconds = round((value - int(value)) * 86_400)
        return timezone.make_aware(
            datetime.datetime.combine(whole, datetime.time()) + datetime.timedelta(seconds=seconds)
        )
    found = narrow(value)
    if found is None:
        return None
    day, _space, clock = found.replace("T", " ").replace("日", "日 ").partition(" ")
    match = _TIME.match(clock.strip())
    if not match:
        raise ValueError(_("“%(value)s”不是能认出的时间：请写成 2024-03-05 14:30。") % {"value": found})
    part, hour, minute = match[1], int(match[2]), int(match[3] or 0)
    if part in {"下午", "晚上"} and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise ValueError(_("“%(value)s”不是能认出的时间：请写成 2024-03-05 14:30。") % {"value": found})
    on = date(day)
    assert on is not None
    return timezone.make_aware(datetime.datetime.combine(on, datetime.time(hour, minute)))


def boolean(value: Any) -> bool | None:
    """是 or 否, and what people write for them."""
    if isinstance(value, bool):
        return value
    found = narrow(value)
    if found is None:
        return None
    if found.lower() in TRUE:
        return True
    if found.lower() in FALSE:
        return False
    raise ValueError(_("“%(value)s”：请填“是”或“否”。") % {"value": found})


def digits(value: Any) -> str | None:
    """A long number that is a name and not a quantity (an ID number, a code): as text, never what Excel made of it."""
    if isinstance(value, int | float) and not isinstance(value, bool) and len(f"{value:.0f}") > EXACT_DIGITS:
        raise ValueError(_lost_digits())
    found = narrow(value)
    if found is None:
        return None
    found = found.replace(" ", "").lstrip("'’‘`").upper()
    if _SCIENTIFIC.match(found):
        raise ValueError(_lost_digits())
    return found


def phone(value: Any) -> str | None:
    """A phone number: digits, with a dash only after an area code.

    A refusal is kept with the check, in plain text: it does not repeat the number.
    """
    found = digits(value)
    if found is None:
        return None
    found = found.removeprefix("+86").replace("－", "-")
    mobile = found.replace("-", "")
    if re.fullmatch(r"1\d{10}", mobile):
        return mobile
    if re.fullmatch(r"0\d{2,3}-?\d{7,8}(-\d{1,5})?", found):
        return found
    raise ValueError(_("这不是电话号码：手机 11 位，座机要带区号。"))


def _lost_digits() -> str:
    return _("Excel 把这个号码当成了数字，末尾几位已经丢失：请把整列的格式设为“文本”，再重新填写。")
