"""通报文档: a circular as DOCX, to be edited and sent on; the only file that knows python-docx."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from unicodedata import east_asian_width

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Length, Pt, RGBColor
from docx.table import _Cell
from docx.text.run import Run

from tickets.circulars.breakdown import Part
from tickets.circulars.edition import MINUTE, Edition, fingerprint
from tickets.circulars.figure import NOTHING, day_in_chinese, decimal
from tickets.circulars.ranking import COLUMNS
from tickets.circulars.rule_book import BY_KEY

RED, BLUE = RGBColor(0xB3, 0x26, 0x1E), RGBColor(0x2F, 0x6D, 0xB5)
BODY, HEAD = "宋体", "黑体"
FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zones; a fixed date makes files comparable
Rows = Sequence[Sequence[str]]
WIDE = Cm(16.6)
MANY = 8
"""A table of so many columns gets smaller letters."""
LONGEST = 44
"""A column is no wider than so many letters; what is longer goes on in the next line."""
BAR, BARS = "█", 12
"""What the largest share is drawn with."""


def write_word_file(edition: Edition, file: Path) -> None:
    """Write it; the same edition gives the same parts."""
    paper = Document()
    _set_up(paper, edition)
    _head(paper, edition)
    for erratum in edition.errata:
        paper.add_heading(f"勘误第 {erratum.number} 号({day_in_chinese(erratum.on)})", 1)
        _table(
            paper, ("指标", "原为", "更正为"), [(one.title, one.was, one.now) for one in erratum.corrections]
        )
    if edition.circular.ranks:
        _units(paper, edition)
    _items(paper, edition)
    _calls(paper, edition)
    _groups(paper, edition)
    _splits(paper, edition)
    if not edition.circular.ranks:
        _units(paper, edition)
    _checks(paper, edition)
    paper.save(str(file))


def _set_up(paper: Paper, edition: Edition) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    for name, font in (("Normal", BODY), ("Heading 1", HEAD), ("Title", HEAD)):
        style = paper.styles[name]
        style.font.name = font
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    paper.styles["Normal"].font.size = Pt(10.5)
    paper.styles["Heading 1"].font.size = Pt(14)
    paper.styles["Heading 1"].font.color.rgb = RGBColor(0, 0, 0)
    known = paper.core_properties
    known.title, known.author, known.comments = edition.circular.title, edition.circular.issuer, ""
    known.created = known.modified = FIXED
    known.last_modified_by, known.revision = edition.circular.issuer, 1


def _head(paper: Paper, edition: Edition) -> None:
    circular = edition.circular
    for text, size, colour in ((circular.issuer, 26, RED), (circular.title, 18, RGBColor(0, 0, 0))):
        line = paper.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(text)
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), True, colour
    days = f"{day_in_chinese(circular.period.first)} 至 {day_in_chinese(circular.period.last)}"
    about = paper.add_paragraph(f"{days}    数据截止 {circular.as_of.strftime(MINUTE)}")
    about.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if not circular.is_over:
        paper.add_paragraph("本期尚未结束, 不作通报依据。")


def _items(paper: Paper, edition: Edition) -> None:
    if not edition.circular.items:
        return
    paper.add_heading("重点工单", 1)
    rows = [
        (
            one.no,
            one.received_at.strftime("%m-%d %H:%M"),
            one.matter,
            one.urgency,
            one.category,
            one.due.strftime("%m-%d %H:%M") if one.due else NOTHING,
            one.closed_at.strftime("%m-%d %H:%M") if one.closed_at else "未办结",
        )
        for one in edition.circular.items
    ]
    head = ("工单编号", "受理时间", "类别", "紧急程度", "问题", "期限", "办结")
    _table(paper, head, rows, words=(2, 3, 4))


def _calls(paper: Paper, edition: Edition) -> None:
    if edition.circular.calls:
        paper.add_heading("来电情况", 1)
        rows = [(call.title, call.text, call.formula) for call in edition.circular.calls]
        _table(paper, ("指标", "本期", "口径"), rows, words=(2,))


def _groups(paper: Paper, edition: Edition) -> None:
    for group in edition.circular.groups:
        paper.add_heading(group.title, 1)
        rows = [
            (line.figure.title, line.figure.text, line.before.text, line.change, line.figure.working)
            for line in group.lines
        ]
        _table(paper, ("指标", "本期", "上期", "环比", "计算"), rows)


def _splits(paper: Paper, edition: Edition) -> None:
    circular = edition.circular
    for split in circular.breakdowns:
        if split.total:
            paper.add_heading(f"诉求构成:{split.title}", 1)
            shown = split.parts[: circular.top]
            longest = max(1, *(part.count for part in shown))
            rows = [
                (
                    part.label,
                    f"{part.count:,}",
                    f"{decimal(part.share)}%",
                    _bar(part, longest),
                    f"{part.before:,}",
                )
                for part in shown
            ]
            _table(paper, (split.title, "本期", "占比", "图示", "上期"), rows, words=(3,))


def _units(paper: Paper, edition: Edition) -> None:
    circular = edition.circular
    if not circular.units:
        return
    paper.add_heading("承办单位排名" if circular.ranks else "承办单位", 1)
    ranking = ("名次", "得分") if circular.ranks else ()
    rows = []
    for line in circular.units:
        rank = (str(line.rank or NOTHING), decimal(line.score)) if circular.ranks else ()
        name = f"{line.name}(末位)" if line.bottom and circular.ranks else line.name
        rows.append((name, *rank, *(line.figures[key].text for key in COLUMNS)))
    _table(paper, ("单位", *ranking, *(BY_KEY[key].title for key in COLUMNS)), rows)


def _checks(paper: Paper, edition: Edition) -> None:
    circular = edition.circular
    paper.add_heading("核对与说明", 1)
    rows = [
        (check.title, f"{check.left:,}", f"{check.right:,}", "相符" if check.holds else "不符")
        for check in circular.checks
    ]
    _table(paper, ("核对", "左边", "右边", "结果"), rows)
    formulas = [
        f"{one.figure.title} = {one.figure.formula}" for group in circular.groups for one in group.lines
    ]
    for note in (*circular.notes, *formulas):
        paper.add_paragraph(note, style="List Bullet")
    paper.add_paragraph(f"数据校验码 {fingerprint(edition)}")


def _bar(part: Part, longest: int) -> str:
    return BAR * round(part.count * BARS / longest)


def _table(paper: Paper, head: Sequence[str], rows: Rows, words: Collection[int] = ()) -> None:
    """Numbers stand on the right, ``words`` and the first column on the left; each page repeats the head."""
    table = paper.add_table(rows=1 + len(rows), cols=len(head), style="Light Grid Accent 1")
    table.autofit = False
    size = Pt(7.5 if len(head) >= MANY else 9)
    widths = _widths([head, *rows])
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = wide
    for place, (row, texts) in enumerate(zip(table.rows, (head, *rows), strict=True)):
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[column]
            run = _fill(cell, text, right=column > 0 and column not in words)
            run.font.size, run.font.bold = size, place == 0 or column == 0
            if text.startswith(BAR):
                run.font.color.rgb = BLUE
    table.rows[0]._tr.get_or_add_trPr().append(  # noqa: SLF001 - python-docx has no word for it
        table.rows[0]._tr.makeelement(qn("w:tblHeader"), {})  # noqa: SLF001
    )


def _widths(rows: Rows) -> list[Length]:
    """Share the page among the columns by their longest texts; a Chinese sign is as wide as two letters."""
    longest = [min(LONGEST, max(map(_letters, column))) + 2 for column in zip(*rows, strict=True)]
    return [Emu(WIDE * letters // sum(longest)) for letters in longest]


def _letters(text: str) -> int:
    return sum(2 if sign == BAR or east_asian_width(sign) in "WF" else 1 for sign in text)


def _fill(cell: _Cell, text: str, *, right: bool) -> Run:
    line = cell.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    run: Run = line.add_run(text)
    return run
