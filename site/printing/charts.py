"""Charts as SVG: for public pages and for PDFs alike, without a line of script or style.

Every chart is an image with a title and a description that says its figures, so that a screen reader and a PDF's reader
hear what others see; the figures should stand in a table beside it all the same. Only presentation attributes are
used: the site's policy allows no style of an element. The same figures give the same text.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .tables import width_of

Number = int | float | Decimal

COLOURS = ("#1b6350", "#b5651d", "#3b5b92", "#8a3b5e")
"""Told apart by those who see no red or green too; lines differ in their dashes beside."""
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
_INK, _SOFT, _GRID = "#1c2522", "#52605a", "#d5d2c8"
_FONT = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_TEXT = 12
_STEP = 24
"""From one bar to the next below it."""
_HAIR = 0.01
"""In em. What a width loses where it is multiplied and divided again takes no character off a label."""
_HEAD, _FOOT = 26, 30


@dataclass(frozen=True)
class Series:
    """One line of a chart; a value of None is a gap."""

    label: str
    values: Sequence[Number | None]


@dataclass(frozen=True)
class _Scale:
    """The value axis: round steps that contain all values and zero."""

    low: Decimal
    high: Decimal
    step: Decimal

    @classmethod
    def of(cls, values: Sequence[Number]) -> "_Scale":
        exact = [Decimal(str(value)) for value in values] or [Decimal(0)]
        low, high = min(*exact, Decimal(0)), max(*exact, Decimal(0))
        step = _round_step((high - low) / 4 or Decimal(1))
        low = (low / step).to_integral_value(ROUND_FLOOR) * step
        high = max((high / step).to_integral_value(ROUND_CEILING) * step, low + step)
        return cls(low, high, step)

    @classmethod
    def exact(cls, values: Sequence[Number]) -> "_Scale":
        """From the lowest value to the highest, where no axis is drawn."""
        known = [Decimal(str(value)) for value in values]
        low, high = min(*known, Decimal(0)), max(*known, Decimal(0))
        return cls(low, max(high, low + 1), Decimal(1))

    @property
    def ticks(self) -> list[Decimal]:
        return [self.low + self.step * number for number in range(int((self.high - self.low) / self.step) + 1)]

    def share(self, value: Number) -> float:
        """Where a value stands between low (0) and high (1)."""
        return float((Decimal(str(value)) - self.low) / (self.high - self.low))


def _round_step(raw: Decimal) -> Decimal:
    """The next 1, 2 or 5 times a power of ten."""
    power = Decimal(10) ** raw.adjusted()
    return next(factor * power for factor in (Decimal(1), Decimal(2), Decimal(5), Decimal(10)) if factor * power >= raw)


def bars(
    items: Sequence[tuple[str, Number]],
    *,
    title: str,
    unit: str = "",
    width: int = 640,
    height: int = 0,
    description: str = "",
) -> SafeString:
    """Bars across, one below the other, each with its label and figure: villages, categories. Any number of them.

    They stand closer, down to the height of their text, where they would be higher than `height` together.
    """
    if not items:
        return _empty(title, width)
    label_width = min(width * 0.35, max(width_of(label) for label, _value in items) * _TEXT + 8)
    figure_width = max(width_of(_figure(value)) for _label, value in items) * _TEXT + 12
    scale = _Scale.exact([value for _label, value in items])
    room = width - label_width - figure_width
    zero = label_width + room * scale.share(0)
    step = max(_TEXT, min(_STEP, (height - _HEAD) / len(items))) if height else _STEP
    body = []
    for number, (label, value) in enumerate(items):
        top = _HEAD + number * step
        middle, end = top + step * 11 / 24, label_width + room * scale.share(value)
        colour = COLOURS[0] if value >= 0 else COLOURS[1]
        body += [
            _text(label_width - 8, middle + 4, _shorten(label, (label_width - 8) / _TEXT), anchor="end"),
            _rect(min(zero, end), top + step / 8, abs(end - zero), step * 2 / 3, colour),
            _text(max(zero, end) + 6, middle + 4, _figure(value), fill=_INK),
        ]
    bottom = _HEAD + len(items) * step
    body.append(_line(zero, _HEAD, zero, bottom, stroke=_SOFT))
    said = description or _listed(((label, value) for label, value in items), unit)
    return _svg(title, said, unit, width, bottom + 6, body)


def columns(
    items: Sequence[tuple[str, Number]],
    *,
    title: str,
    unit: str = "",
    width: int = 640,
    height: int = 280,
    description: str = "",
) -> SafeString:
    """Upright bars over time: months, quarters."""
    if not items:
        return _empty(title, width)
    frame = _Frame.of([value for _label, value in items], [label for label, _value in items], width, height)
    body = frame.grid()
    zero = frame.y(0)
    thickness = min(44.0, frame.slot * 0.62)
    for number, (_label, value) in enumerate(items):
        top = frame.y(value)
        colour = COLOURS[0] if value >= 0 else COLOURS[1]
        body.append(_rect(frame.x(number) - thickness / 2, min(top, zero), thickness, abs(zero - top), colour))
        if frame.slot >= width_of(_figure(value)) * _TEXT:
            body.append(_text(frame.x(number), min(top, zero) - 4, _figure(value), anchor="middle", fill=_INK))
    said = description or _listed(((label, value) for label, value in items), unit)
    return _svg(title, said, unit, width, height, body)


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    unit: str = "",
    width: int = 640,
    height: int = 280,
    description: str = "",
) -> SafeString:
    """One line for each series over the same labels; four series at the most, each named at its end."""
    if len(series) > len(COLOURS):
        raise ValueError(f"a chart of lines holds {len(COLOURS)} series")
    values = [value for one in series for value in one.values if value is not None]
    if not labels or not values:
        return _empty(title, width)
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("each series has a value for each label")
    legend = 22 if len(series) > 1 else 0
    frame = _Frame.of(values, labels, width, height - legend)
    body = frame.grid()
    for number, one in enumerate(series):
        body += _line_of(frame, one, COLOURS[number], _DASHES[number])
    if legend:
        body += _legend(series, width, height - 8)
    said = description or "；".join(
        f"{one.label}：" + _listed(zip(labels, one.values, strict=True), unit) for one in series
    )
    return _svg(title, said, unit, width, height, body)


def sparkline(values: Sequence[Number | None], *, title: str, width: int = 96, height: int = 24) -> SafeString:
    """A line without axes, for a cell of a table or a line of text; its last value is a dot."""
    known = [value for value in values if value is not None]
    if not known:
        return _empty(title, width, height)
    scale = _Scale.of(known)
    gap = (width - 6) / max(1, len(values) - 1)
    points = [
        None if value is None else (3 + gap * number, 3 + (height - 6) * (1 - scale.share(value)))
        for number, value in enumerate(values)
    ]
    last = next(point for point in reversed(points) if point is not None)
    body = [_path(points, COLOURS[0], "", 1.5), _circle(*last, 2.2, COLOURS[0])]
    said = "、".join("—" if value is None else _figure(value) for value in values)
    return _svg(title, said, "", width, height, body, show_title=False)


@dataclass(frozen=True)
class _Frame:
    """The axes of an upright chart."""

    scale: _Scale
    labels: Sequence[str]
    left: float
    width: float
    height: float

    @classmethod
    def of(cls, values: Sequence[Number], labels: Sequence[str], width: float, height: float) -> "_Frame":
        scale = _Scale.of(values)
        return cls(scale, labels, max(width_of(_figure(tick)) for tick in scale.ticks) * _TEXT + 10, width, height)

    @property
    def slot(self) -> float:
        return (self.width - self.left - 6) / len(self.labels)

    def x(self, number: int) -> float:
        return self.left + self.slot * (number + 0.5)

    def y(self, value: Number) -> float:
        return _HEAD + 8 + (self.height - _HEAD - 8 - _FOOT) * (1 - self.scale.share(value))

    def grid(self) -> list[str]:
        """Lines with their figures, and as many labels as there is room for."""
        body = []
        for tick in self.scale.ticks:
            y = self.y(tick)
            body.append(_line(self.left, y, self.width - 6, y, stroke=_SOFT if tick == 0 else _GRID))
            body.append(_text(self.left - 6, y + 4, _figure(tick), anchor="end"))
        widest = max(width_of(label) for label in self.labels) * _TEXT + 8
        every = max(1, -(-int(widest) // max(1, int(self.slot))))
        for number in range(0, len(self.labels), every):
            body.append(_text(self.x(number), self.height - 10, self.labels[number], anchor="middle"))  # noqa: PERF401
        return body


def _line_of(frame: _Frame, series: Series, colour: str, dashes: str) -> list[str]:
    points = [
        None if value is None else (frame.x(number), frame.y(value)) for number, value in enumerate(series.values)
    ]
    dots = [_circle(*point, 2.6, colour) for point in points if point is not None] if len(points) <= 40 else []
    return [_path(points, colour, dashes, 2), *dots]


def _legend(series: Sequence[Series], width: float, y: float) -> list[str]:
    body: list[str] = []
    x = 8.0
    for number, one in enumerate(series):
        body.append(_path([(x, y - 4), (x + 26, y - 4)], COLOURS[number], _DASHES[number], 2))
        body.append(_text(x + 32, y, _shorten(one.label, width / len(series) / _TEXT - 5), fill=_INK))
        x += width / len(series)
    return body


def _path(points: Sequence[tuple[float, float] | None], colour: str, dashes: str, stroke: float) -> str:
    """A line through the points, with a gap where there is none."""
    parts, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        parts.append(f"{pen}{_n(point[0])} {_n(point[1])}")
        pen = "L"
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{"".join(parts)}" fill="none" stroke="{colour}" stroke-width="{stroke}"{dashed}/>'


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"/>'


def _circle(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{radius}" fill="{fill}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, *, stroke: str) -> str:
    return f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{stroke}" stroke-width="1"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = _SOFT) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _figure(value: Number) -> str:
    """A figure as it is written on a chart: 1,234 or 0.5, never 1E+3."""
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _listed(items: Any, unit: str) -> str:
    return "，".join(f"{label} " + ("—" if value is None else f"{_figure(value)}{unit}") for label, value in items)


def _shorten(label: str, room: float) -> str:
    """A label that fits in so many em; the whole of it stands in the description."""
    if width_of(label) <= room + _HAIR:
        return label
    while label and width_of(label) + 1 > room:
        label = label[:-1]
    return f"{label}…"


def _empty(title: str, width: int, height: int = 60) -> SafeString:
    body = [_text(width / 2, height / 2 + 4, "—" if height < 40 else _("没有数据"), anchor="middle")]
    return _svg(title, _("没有数据"), "", width, height, body, show_title=height >= 40)


def _svg(
    title: str, said: str, unit: str, width: float, height: float, body: Sequence[str], *, show_title: bool = True
) -> SafeString:
    # An id that is the same each time, and another for each chart of a page.
    mark = hashlib.blake2b(f"{title}|{said}|{width}|{height}".encode("utf-8", "replace"), digest_size=6).hexdigest()
    heading = f"{title}（{unit}）" if unit else title
    shown = [_text(0, 14, heading, fill=_INK)] if show_title else []
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="t{0} d{0}"'
        ' viewBox="0 0 {1} {2}" width="{1}" height="{2}" font-family="{3}" font-size="{4}">'
        '<title id="t{0}">{5}</title><desc id="d{0}">{6}</desc>{7}</svg>',
        f"chart-{mark}",
        _n(width),
        _n(height),
        _FONT,
        _TEXT,
        heading,
        said,
        mark_safe("".join([*shown, *body])),
    )
