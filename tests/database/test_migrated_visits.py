"""Visits that stood only inside work orders are rows after the upgrade, with the unit that was rated."""

import json

from sqlalchemy import text

from core.database import Connection, Database
from tests.database.revisions import upgraded_to
from tickets.visits_store import visits

OLD = text("""INSERT INTO tickets (ticket_no, query_code, state, src_channel, call_id, orig_did, received_at,
seat, phone, content, dialogue, title, demand_type, category, urgency, address, recording, version,
lead_unit, matter, closing, confidential, citizen, demand, work) VALUES
(:no, 'ABCDEF', 'closed', '电话', :no, '12345', '2026-03-02 01:00:00', '8001', '', '', '', '', '', '', '一般',
'', '', 9, '02', '普通件', '办结', FALSE, '{}', '{}', :work)""")
WORK: dict[str, object] = {
    "visits": [
        {"at": "2026-03-03T09:00:00+08:00", "by": "回访陈", "reached": False, "note": "无人接听"},
        {"at": "2026-03-03T15:00:00+08:00", "by": "回访陈", "handle_sat": "基本满意", "is_solved": "解决"},
    ]
}


def _before(connection: Connection) -> None:
    upgraded_to(connection, "0007")
    rows: list[tuple[str, dict[str, object]]] = [("260302090000000001", WORK), ("260302090000000002", {})]
    connection.execute(OLD, [{"no": no, "work": json.dumps(work)} for no, work in rows])


def test_visits_are_brought_in(url: str) -> None:
    database = Database(url)
    database.now(_before)
    database.migrate()
    rows = database.now(lambda one: one.execute(visits.select().order_by(visits.c.number)).mappings().all())
    told = [(row["number"], f"{row['at']:%d %H:%M}", row["reached"], row["handle_sat"]) for row in rows]
    assert told == [(1, "03 09:00", False, ""), (2, "03 15:00", True, "基本满意")]
    assert {(row["ticket_no"], row["unit"], row["channel"]) for row in rows} == {
        ("260302090000000001", "02", "电话")
    }
    database.close()
