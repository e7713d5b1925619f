"""文档页: writes what the documentation says about facts, views and seats from these themselves.

``python -m app.docs_pages`` brings ``docs/events.md``, ``docs/events/*.schema.json``, ``docs/views.md``,
``docs/cities.md``, the diagram in ``docs/howto/seat-states.md`` and the table in ``docs/howto/tickets.md``
up to date.
"""

import inspect
import json
from dataclasses import fields
from pathlib import Path

from app.city_pages import cities_page
from app.web import web_description
from core.events import KEPT, KeptFact
from core.views import VIEWS
from core.wire import schema_of
from queue_manager.seat_table import diagram
from tickets.model import TicketState
from tickets.transitions import STATES, TABLE

DOCS = Path(__file__).resolve().parents[1] / "docs"
VIEWS_BEGIN = """# Views for other programs

Written by `python -m app.docs_pages` from `core/views.py`. How to read them: [share the
database](howto/share-the-database.md)."""
BEGIN, END = "<!-- facts:begin -->", "<!-- facts:end -->"
STEPS_BEGIN, STEPS_END = "<!-- steps:begin -->", "<!-- steps:end -->"
SEATS_BEGIN, SEATS_END = "<!-- seats:begin -->", "<!-- seats:end -->"


def pages(docs: Path = DOCS) -> dict[Path, str]:
    """Give every generated file with the text that it should hold."""
    events = docs / "events.md"
    before, _, rest = events.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    written = {events: f"{before}{BEGIN}\n\n{_table()}\n{END}{after}"}
    for kind in KEPT:
        schema = json.dumps(schema_of(kind), ensure_ascii=False, indent=2, sort_keys=True)
        written[docs / "events" / f"{kind.__name__}.schema.json"] = schema + "\n"
    written[docs / "views.md"] = _views()
    seats = docs / "howto" / "seat-states.md"
    drawn = f"\n\n```mermaid\n{diagram()}```\n\n"
    before, _, rest = seats.read_text(encoding="utf-8").partition(SEATS_BEGIN)
    written[seats] = before + SEATS_BEGIN + drawn + SEATS_END + rest.partition(SEATS_END)[2]
    written[docs / "cities.md"] = cities_page(docs.parent / "tests" / "acceptance")
    steps = docs / "howto" / "tickets.md"
    before, _, rest = steps.read_text(encoding="utf-8").partition(STEPS_BEGIN)
    written[steps] = f"{before}{STEPS_BEGIN}\n\n{_steps()}\n{STEPS_END}{rest.partition(STEPS_END)[2]}"
    written[docs / "api" / "openapi.json"] = web_description()
    return written


def _steps() -> str:
    said = ["| 动作 | from | to | who | only if not refused with |", "| --- | --- | --- | --- | --- |"]
    for row in TABLE:
        anywhere = len(row.sources) == len(TicketState)
        sources = "任何状态" if anywhere else " ".join(STATES[state] for state in row.sources)
        to = " ".join(STATES[state] for state in row.to)
        roles = " ".join(dict.fromkeys(row.roles))
        guards = "; ".join(guard.says for guard in row.guards)
        said.append(f"| {row.action} | {sources} | {to} | {roles} | {guards} |")
    return "\n".join(said) + "\n"


def _views() -> str:
    said = [VIEWS_BEGIN]
    for view in VIEWS:
        said += [f"\n## {view.name}\n\n{view.about}\n", "| column | 说明 |", "| --- | --- |"]
        said += [f"| `{column.name}` | {column.about} |" for column in view.columns]
    return "\n".join(said) + "\n"


def _table() -> str:
    rows = ["| fact | 说明 | fields |", "| --- | --- | --- |"]
    rows += [
        f"| [{k.__name__}](events/{k.__name__}.schema.json) | {_meaning(k)} | {_fields(k)} |" for k in KEPT
    ]
    return "\n".join(rows) + "\n"


def _meaning(kind: type[KeptFact]) -> str:
    return " ".join(inspect.cleandoc(kind.__doc__ or "").split()).replace("|", "\\|")


def _fields(kind: type[KeptFact]) -> str:
    return ", ".join(f"`{field.name}`" for field in fields(kind))


def main() -> None:
    """Write every page that is out of date."""
    for folder in ("events", "api"):
        (DOCS / folder).mkdir(exist_ok=True)
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
