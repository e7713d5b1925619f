"""通报工作簿: a circular as XLSX with its own charts, and every work order with the figures it counts in.

The only file that knows XlsxWriter. Texts are written as texts: none becomes a formula.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from core.clock import SHANGHAI
from tickets.circulars.circular import Circular
from tickets.circulars.edition import MINUTE, Edition, fingerprint
from tickets.circulars.figure import Figure, day_in_chinese
from tickets.circulars.ranking import COLUMNS
from tickets.circulars.rule_book import BY_KEY

FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zones; a fixed date makes files comparable
COUNTED, ONLY_BELOW = "●", "○"
Cell = str | int | float | None
OF_TICKET = (
    "工单编号",
    "受理时间",
    "受理方式",
    "业务类别",
    "问题类别",
    "区域",
    "承办单位",
    "期限",
    "办结时间",
)


def write_sheet_file(edition: Edition, file: Path) -> None:
    """Write it; the same edition gives the same parts."""
    book = Workbook(str(file))
    book.set_properties(
        {"title": edition.circular.title, "author": edition.circular.issuer, "created": FIXED}
    )
    sheets = _Sheets(book)
    _figures(sheets, edition)
    _splits(sheets, edition.circular)
    _units(sheets, edition.circular)
    _tickets(sheets, edition.circular)
    _errata(sheets, edition)
    book.close()


class _Sheets:
    """Puts tables on sheets, all in one dress."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._head = book.add_format(
            {"bold": True, "bg_color": "#B3261E", "font_color": "white", "border": 1}
        )
        self._text = book.add_format({"border": 1, "border_color": "#DFE3E8", "valign": "top"})

    def add(self, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_column(0, len(head) - 1, 18)
        for row, cells in enumerate((head, *rows)):
            for column, cell in enumerate(cells):
                dress = self._head if row == 0 else self._text
                if isinstance(cell, int | float):
                    sheet.write_number(row, column, cell, dress)
                elif cell:
                    sheet.write_string(row, column, cell, dress)
        return sheet


def _value(figure: Figure) -> Cell:
    if figure.den is None:
        return figure.num
    return None if figure.hundredths is None else figure.hundredths / 100


def _figures(sheets: _Sheets, edition: Edition) -> None:
    circular = edition.circular
    rows = _lines(circular)
    rows += [
        ("来电情况", one.title, one.text, "", "", "", one.num, one.den, one.formula) for one in circular.calls
    ]
    rows += [
        ("核对", one.title, "相符" if one.holds else "不符", "", "", "", one.left, one.right, "")
        for one in circular.checks
    ]
    rows += [("说明", "", "", "", "", "", None, None, note) for note in circular.notes]
    days = f"{day_in_chinese(circular.period.first)} 至 {day_in_chinese(circular.period.last)}"
    rows.append(
        ("本期", circular.title, days, "", "", "", None, None, f"数据截止 {circular.as_of.strftime(MINUTE)}")
    )
    rows.append(("校验码", fingerprint(edition), "", "", "", "", None, None, ""))
    head = ("组", "指标", "本期", "单位", "上期", "环比", "分子", "分母", "口径")
    sheet = sheets.add("指标", head, rows)
    sheet.set_column(1, 1, 32)
    sheet.set_column(8, 8, 70)


def _lines(circular: Circular) -> list[Sequence[Cell]]:
    return [
        (
            group.title,
            line.figure.title,
            _value(line.figure),
            line.figure.unit,
            _value(line.before),
            line.change,
            line.figure.num,
            line.figure.den,
            line.figure.formula,
        )
        for group in circular.groups
        for line in group.lines
    ]


def _splits(sheets: _Sheets, circular: Circular) -> None:
    for split in circular.breakdowns:
        rows = [
            (part.label, part.count, None if part.share is None else part.share / 100, part.before)
            for part in split.parts
        ]
        sheet = sheets.add(split.title, (split.title, "本期", "占比 %", "上期"), rows)
        _chart(sheets.book, sheet, "bar", min(len(rows), circular.top))
    points = sheets.add("走势", (circular.trend.unit, "有效受理"), circular.trend.points)
    _chart(sheets.book, points, "column", len(circular.trend.points))


def _chart(book: Workbook, sheet: Worksheet, kind: str, rows: int) -> None:
    if not rows:
        return
    chart = book.add_chart({"type": kind})
    chart.add_series(
        {
            "categories": [sheet.get_name(), 1, 0, rows, 0],
            "values": [sheet.get_name(), 1, 1, rows, 1],
            "fill": {"color": "#2F6DB5"},
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": f"{sheet.get_name()}(件)"})
    chart.set_legend({"none": True})
    if kind == "bar":
        chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 720, "height": 120 + 24 * rows if kind == "bar" else 360})
    sheet.insert_chart(1, 5, chart)


def _units(sheets: _Sheets, circular: Circular) -> None:
    head = ("编号", "单位", *(("名次", "得分", "末位") if circular.ranks else ()))
    rows: list[Sequence[Cell]] = []
    for line in circular.units:
        score = None if line.score is None else line.score / 100
        rank: Sequence[Cell] = (
            (line.rank or None, score, "末位" if line.bottom else "") if circular.ranks else ()
        )
        rows.append((line.unit, line.name, *rank, *(_value(line.figures[key]) for key in COLUMNS)))
    titles = (f"{BY_KEY[key].title}({BY_KEY[key].unit})" for key in COLUMNS)
    sheets.add("承办单位", (*head, *titles), rows)


def _tickets(sheets: _Sheets, circular: Circular) -> None:
    """One row for each work order; a filled dot: in the numerator, an empty one: only in the denominator."""
    names = {line.unit: line.name for line in circular.units}
    figures = [line.figure for group in circular.groups for line in group.lines]
    above = [frozenset(figure.ids) for figure in figures]
    below = [frozenset(figure.base_ids) for figure in figures]
    counted = frozenset().union(*above, *below)
    rows: list[Sequence[Cell]] = [
        (
            one.no,
            _instant(one.received_at),
            one.channel,
            one.demand_type,
            one.category,
            one.district,
            names.get(one.unit, one.unit),
            _instant(one.due),
            _instant(one.closed_at),
            *(
                COUNTED if one.no in over else ONLY_BELOW if one.no in under else ""
                for over, under in zip(above, below, strict=True)
            ),
        )
        for one in circular.tickets
        if one.no in counted
    ]
    sheet = sheets.add("工单", (*OF_TICKET, *(figure.title for figure in figures)), rows)
    sheet.autofilter(0, 0, max(1, len(rows)), len(OF_TICKET) + len(figures) - 1)


def _instant(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime(MINUTE) if at else ""


def _errata(sheets: _Sheets, edition: Edition) -> None:
    rows = [
        (
            erratum.number,
            f"{erratum.on}",
            one.title,
            one.was,
            one.now,
            " ".join(one.added),
            " ".join(one.removed),
        )
        for erratum in edition.errata
        for one in erratum.corrections
    ]
    if rows:
        sheets.add("勘误", ("勘误号", "日期", "指标", "原为", "更正为", "增加的工单", "减少的工单"), rows)
