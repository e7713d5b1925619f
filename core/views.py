"""只读视图: what other programs may read of calls, segments, recordings and work orders.

Telephone numbers are masked here, in the database, and what citizens said is left out; the tables
themselves are closed to readers. Views are no part of the chain of migrations: they are taken away
before an upgrade and made anew behind its last step (``core/migrations/env.py``), so that no step
stumbles over a view, and a view is changed where it stands, below.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from core.database import Connection

READER = "hotline_reader"
"""只读账号: the role on PostgreSQL that may read the views, and nothing else."""
_KNOWN_ON_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'view' AND name IN ({names})"
_KNOWN_ON_POSTGRESQL = (
    "SELECT relname, coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class"
    " WHERE relkind = 'v' AND relnamespace = current_schema()::regnamespace AND relname IN ({names})"
)
_STARS = "*" * 64
BYTES_PER_SECOND = 32000
"""Of the raw audio of a recording: two sides, 16 bits, 8 kHz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name, what it is made of, and what it says, for those who use it."""

    name: str
    of: str
    about: str
    is_instant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """视图: one row per what ``about`` says; ``source`` is what stands behind FROM."""

    name: str
    about: str
    source: str
    columns: tuple[Column, ...]


def masked(number: str) -> str:
    """Mask like ``core.privacy.masked_number``, in SQL that both databases understand."""
    stars = f"substr('{_STARS}', 1, length({number}) - 2)"
    return (
        f"CASE WHEN length({number}) <= 2 THEN {number}"
        f" WHEN length({number}) < 11 THEN {stars} || substr({number}, length({number}) - 1)"
        f" ELSE substr({number}, 1, 3) || '****' || substr({number}, length({number}) - 3) END"
    )


def _plain(name: str, about: str, of: str | None = None) -> Column:
    return Column(name=name, of=of or name, about=about)


def _at(name: str, about: str, of: str | None = None) -> Column:
    return Column(name=name, of=of or name, about=about, is_instant=True)


_CALLS = View(
    name="v_calls",
    about="来电, 一通一行, 通话中就有",
    source="calls",
    columns=(
        _plain("call_id", "来电编号, 各视图和录音文件名都用它"),
        _plain("node", "节点"),
        _plain("caller", "来电号码, 已脱敏", masked("caller")),
        _plain("dialled", "被叫号码"),
        _at("arrived_at", "来电时间"),
        _plain("queue", "最先进入的技能组; 空: 没有入队"),
        _at("queued_at", "最先入队的时间"),
        _plain("waited_seconds", "等待秒数, 从最先入队到接通或离开"),
        _plain("seat", "最先接通的座席"),
        _at("answered_at", "最先接通的时间; 空: 没有接通"),
        _plain("talk_seconds", "通话秒数, 各段之和, 含保持"),
        _plain("hold_seconds", "其中保持的秒数"),
        _plain("transfers", "座席转接了几次"),
        _at("urgent_at", "座席标记加急的时间; 空: 没有"),
        _at("ended_at", "结束时间; 空: 还在通话; 没有看到结束时是最晚的时间", "gone_at"),
        _at("ended_after", "没有看到结束时最早的时间, 否则同结束时间", "gone_after"),
        _plain("end_reason", "结束原因, 每通恰好一个"),
        _plain("ended_by", "谁先挂机: citizen seat system; 空: 不知道"),
        _plain("gap", "哪里没有看到; 空: 都看到了"),
    ),
)
_SEGMENTS = View(
    name="v_segments",
    about="分段, 每进一次队或每转一次接一行, 同一通电话的各段不重叠",
    source="segments",
    columns=(
        _plain("call_id", "来电编号"),
        _plain("number", "第几段, 从 1 数起"),
        _plain("via", "怎样开始: queue 入队, blind 盲转, attended 咨询后转"),
        _plain("queue", "技能组; 咨询后转的段为空"),
        _plain("position", "入队时排在第几位"),
        _at("began_at", "开始时间"),
        _at("queued_at", "入队时间; 空: 没有入队"),
        _plain("seat", "接通的座席"),
        _at("answered_at", "接通时间; 空: 没有接通"),
        _at("ended_at", "结束时间; 空: 还没有结束"),
        _plain("end_reason", "怎样结束", '"end"'),
        _plain("ended_by", "谁先挂机: citizen seat system; 空: 不知道"),
        _plain("from_seat", "由哪个座席转来; 空: 不是转来的"),
        _plain("waited_seconds", "等待秒数"),
        _plain("talk_seconds", "通话秒数, 含保持"),
        _plain("hold_seconds", "其中保持的秒数"),
    ),
)
_TICKETS = View(
    name="v_tickets",
    about="工单, 一张一行, 不含市民说的话",
    source="tickets",
    columns=(
        _plain("ticket_no", "工单编号"),
        _plain("state", "状态"),
        _plain("src_channel", "来源渠道"),
        _plain("call_id", "来电编号"),
        _plain("dialled", "被叫号码", "orig_did"),
        _at("received_at", "受理时间"),
        _plain("seat", "受理座席"),
        _plain(
            "phone",
            "来电号码, 已脱敏; 保密件为空",
            f"CASE WHEN confidential THEN '' ELSE {masked('phone')} END",
        ),
        _plain("demand_type", "业务类别; 草稿里是智能推荐的"),
        _plain("category", "类别; 草稿里是智能推荐的"),
        _plain("urgency", "紧急程度; 草稿里是智能推荐的"),
        _plain("version", "版本, 每改一次加一"),
        _plain("lead_unit", "主办单位的编号; 空: 还没有派单"),
        _at("due_at", "主办单位办结的时限; 空: 没有在走的时限"),
        _plain("matter", "办件类别: 普通件 督办件 批示件 领导接听件 联席会议 逢6 吹哨"),
        _plain("closing", "怎样办结; 空: 还没有办结"),
        _at("closed_at", "办结时间; 空: 还没有办结"),
        _plain("parent", "并入哪张工单; 空: 没有合并"),
        _plain("confidential", "是否保密"),
    ),
)
_TASKS = View(
    name="v_ticket_tasks",
    about="工单任务, 每个承办单位一行",
    source="ticket_tasks",
    columns=(
        _plain("ticket_no", "工单编号"),
        _plain("number", "第几个任务, 从 1 数起"),
        _plain("unit", "单位编号"),
        _plain("part", "主办 协办 下派 报到"),
        _plain("state", "待签收 办理中 已办结 免办 已退单"),
        _at("due_at", "时限; 空: 没有"),
    ),
)
_STEPS = View(
    name="v_ticket_steps",
    about="工单步骤, 每一步一行, 只增不改; 不含理由和改动的内容",
    source="ticket_history",
    columns=(
        _plain("ticket_no", "工单编号"),
        _plain("seq", "第几步, 就是工单的版本"),
        _at("at", "时间"),
        _plain("role", "谁做的: 角色"),
        _plain("action", "动作"),
        _plain("was", "之前的状态"),
        _plain("now", "之后的状态", '"now"'),
    ),
)
_FIRST_PIECE = "recordings r LEFT JOIN recording_pieces p ON p.call_id = r.call_id AND p.number = 1"
_OF_ALL_PIECES = "(SELECT {} FROM recording_pieces a WHERE a.call_id = r.call_id)"
_RECORDINGS = View(
    name="v_recordings",
    about="录音, 一通一行",
    source=_FIRST_PIECE,
    columns=(
        _plain("call_id", "来电编号", "r.call_id"),
        _plain("node", "节点", "r.node"),
        _at("began_at", "开始时间", "r.at"),
        _plain("state", "状态", "r.state"),
        _plain("pieces", "录音段数, 通常是一", _OF_ALL_PIECES.format("count(*)")),
        _plain("path", "第一段的文件", "p.path"),
        _plain("sha256", "第一段原始音频的校验值", "p.sha256"),
        _plain(
            "duration_seconds",
            "各段秒数之和",
            _OF_ALL_PIECES.format(f"coalesce(sum(a.bytes), 0) / {BYTES_PER_SECOND}.0"),
        ),
        _plain("gap", "缺了什么; 空: 完整", "r.gap"),
        _at("deleted_at", "按保留规则删除的时间; 空: 还在", "r.deleted_at"),
    ),
)
VIEWS = (_CALLS, _SEGMENTS, _RECORDINGS, _TICKETS, _TASKS, _STEPS)


def drop_views(connection: Connection) -> None:
    """Take every view away, made by whichever version."""
    for view in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view.name}")


def make_views(connection: Connection) -> None:
    """Make the views, unless exactly these stand there already."""
    wanted = _wanted(connection.dialect.name)
    if _known(connection) == {name: mark for name, (mark, _) in wanted.items()}:
        return
    drop_views(connection)
    for _, statements in wanted.values():
        for statement in statements:
            connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql" and has_reader(connection):
        connection.exec_driver_sql(grant_to_reader())


def has_reader(connection: Connection) -> bool:
    """Tell whether this server knows the role of readers."""
    return READER in connection.exec_driver_sql("SELECT rolname FROM pg_roles").scalars().all()


def grant_to_reader() -> str:
    """Give the statement that lets readers read the views."""
    return f"GRANT SELECT ON {', '.join(view.name for view in VIEWS)} TO {READER}"


def _wanted(dialect: str) -> dict[str, tuple[str, list[str]]]:
    """Give per view the mark by which it is known again, and the statements that make it."""
    write = _on_postgresql if dialect == "postgresql" else _on_sqlite
    return {view.name: write(view) for view in VIEWS}


def _on_sqlite(view: View) -> tuple[str, list[str]]:
    made = _statement(view, _shanghai)
    return made, [made]


def _on_postgresql(view: View) -> tuple[str, list[str]]:
    made = _statement(view, lambda instant: instant)
    said = f"{view.about} ({sha256((made + repr(view.columns)).encode()).hexdigest()[:12]})"
    comments = [f"COMMENT ON COLUMN {view.name}.{column.name} IS '{column.about}'" for column in view.columns]
    return said, [made, f"COMMENT ON VIEW {view.name} IS '{said}'", *comments]


def _statement(view: View, instant: Callable[[str], str]) -> str:
    columns = ", ".join(
        f"{instant(column.of) if column.is_instant else column.of} AS {column.name}"
        for column in view.columns
    )
    return f"CREATE VIEW {view.name} AS SELECT {columns} FROM {view.source}"  # noqa: S608 - nobody's input


def _shanghai(instant: str) -> str:
    """SQLite keeps instants as text in UTC; readers get the hotline's time, which knows no summer."""
    return f"strftime('%Y-%m-%dT%H:%M:%f+08:00', {instant}, '+8 hours')"


def _known(connection: Connection) -> dict[str, str]:
    """Give the marks of those of our views that stand there."""
    names = ", ".join(f"'{view.name}'" for view in VIEWS)
    query = _KNOWN_ON_POSTGRESQL if connection.dialect.name == "postgresql" else _KNOWN_ON_SQLITE
    known = connection.exec_driver_sql(query.format(names=names))
    return {str(name): str(mark) for name, mark in known}
