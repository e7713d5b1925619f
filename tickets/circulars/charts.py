"""图表: draws a circular's charts as SVG, the same every time; the only file that knows pygal."""

import sys
from collections.abc import Callable, Mapping

import pygal
from pygal.etree import etree
from pygal.graph.graph import Graph
from pygal.style import Style

from tickets.circulars.circular import Circular
from tickets.circulars.ranking import NOT_RANKED

# pygal leaves a finder of the old kind behind, for plug-ins that we have none of: Python warns at each import
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
RED, BLUE, GREY = "#b3261e", "#2f6db5", "#c3c9d1"
NARROW = 6
"""pygal takes a Chinese character for this many dots narrower than it is."""
BEHIND = "inline:#chart-{} .text-overlay text.value {{ text-anchor: start; transform: translateX(6px); }}"
EACH_END = 20
"""So many of the first and so many of the last units are drawn; the table has all of them."""
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#3c4149",
    foreground_strong="#1d2127",
    foreground_subtle="#c8cdd4",
    guide_stroke_color="#e4e7eb",
    major_guide_stroke_color="#d5d9de",
    colors=(RED, BLUE, "#d9942b", "#3f8f6b", "#7d5ba6", "#5b7c99", GREY),
    font_family=FONT,
    label_font_size=13,
    major_label_font_size=13,
    value_font_size=13,
    value_label_font_size=13,
    legend_font_size=13,
    opacity=".92",
    opacity_hover="1",
    transition="0s",
)
_PLAIN = {
    "style": _STYLE,
    "js": (),
    "disable_xml_declaration": True,
    "show_legend": False,
    "print_values": True,
    "print_values_position": "top",
    "margin": 12,
    "truncate_label": -1,
    "show_x_guides": False,
    "show_y_guides": False,
    "pretty_print": False,
}


def charts_of(circular: Circular) -> Mapping[str, str]:
    """Give every chart of a circular by its name; without anything to draw there is no chart."""
    drawn = {}
    if circular.trend.total:
        drawn["trend"] = _svg("trend", _trend(circular))
    for split in circular.breakdowns:
        if split.total:
            shown = [(part.label, part.count) for part in split.parts[: circular.top]]
            drawn[split.key] = _svg(split.key, _bars(split.key, shown))
    ranked = [line for line in circular.units if line.rank != NOT_RANKED]
    scores = ranked if len(ranked) <= 2 * EACH_END else [*ranked[:EACH_END], *ranked[-EACH_END:]]
    if circular.ranks and scores:
        drawn["ranking"] = _svg(
            "ranking", _scores([(one.name, one.score or 0, one.bottom) for one in scores])
        )
    return drawn


def _trend(circular: Circular) -> Graph:
    points = circular.trend.points
    chart = pygal.Bar(**_PLAIN, width=960, height=280, spacing=6, rounded_bars=3, show_y_labels=False)
    chart.x_labels = [label.split("-")[-1].removeprefix("0") for label, _ in points]
    chart.add("有效受理", [{"value": number, "color": BLUE} for _, number in points])
    return chart


def _bars(name: str, shown: list[tuple[str, int]]) -> Graph:
    return _lying(name, [(label, number, BLUE) for label, number in shown], "{:,.0f}".format)


def _scores(shown: list[tuple[str, int, bool]]) -> Graph:
    rows = [(name, score, RED if bottom else BLUE) for name, score, bottom in shown]
    return _lying("ranking", rows, lambda value: f"{value / 100:.2f}")


def _lying(name: str, rows: list[tuple[str, int, str]], text: Callable[[float], str]) -> Graph:
    """Draw bars that lie, the first on top, each with its number behind its end."""
    longest = max(len(label) for label, _, _ in rows)
    chart = pygal.HorizontalBar(
        **_PLAIN,
        width=960 if name == "ranking" else 560,
        height=32 + 30 * len(rows),
        margin_left=12 + longest * NARROW,
        spacing=5,
        rounded_bars=3,
        formatter=text,
        show_x_labels=False,
        range=(0, max(1, *(number for _, number, _ in rows)) * 1.15),
        css=("file://style.css", "file://graph.css", BEHIND.format(name)),
    )
    chart.x_labels = [label for label, _, _ in reversed(rows)]
    chart.add("", [{"value": value, "color": colour} for _, value, colour in reversed(rows)])
    return chart


def _svg(name: str, chart: Graph) -> str:
    """Leave out what differs from run to run: its random name, the comment with today's date; and scripts."""
    chart.uuid = name
    root = chart.render_tree()
    for child in [one for one in root.iter() if not isinstance(one.tag, str) or one.tag == "script"]:
        parent = child.getparent()
        if parent is not None:
            parent.remove(child)
    return str(etree.tostring(root, encoding="unicode"))
