"""渠道清单: keys, webhooks and short messages as tables for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from console.api_keys import ApiKey
from console.sms_store import ShortMessage
from console.webhook_store import Delivery, Target
from core.privacy import masked_number, masked_text

MINUTE = "%Y-%m-%d %H:%M"


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head)
    return table


def show_keys(console: Console, keys: Sequence[ApiKey]) -> None:
    """Print who may speak to the interface."""
    table = _table("名字", "角色", "生成", "谁生成的", "状态")
    for key in keys:
        state = f"{key.revoked_at:{MINUTE}} 停用" if key.revoked_at else "启用"
        table.add_row(key.name, key.role, f"{key.added_at:{MINUTE}}", key.added_by, state)
    console.print(table)
    console.print(f"共 {len(keys)} 个")


def show_targets(console: Console, targets: Sequence[tuple[Target, Delivery | None]]) -> None:
    """Print whom we tell what, and what became of the last of it."""
    table = _table("名字", "地址", "告知", "最近一条")
    for target, last in targets:
        said = f"{last.fact} {last.state} {last.said}" if last else "还没有"
        table.add_row(target.name, target.url, "、".join(target.facts), said)
    console.print(table)
    console.print(f"共 {len(targets)} 个")


def show_messages(console: Console, messages: Sequence[ShortMessage]) -> None:
    """Print short messages, numbers masked."""
    table = _table("时间", "状态", "种类", "号码", "工单", "编号", "说明")
    for one in messages:
        phone = masked_number(one.phone)
        row = (f"{one.at:{MINUTE}}", one.state, one.kind, phone, one.ticket_no, one.once[:12])
        table.add_row(*row, masked_text(one.said))
    console.print(table)
    console.print(f"共 {len(messages)} 条")
