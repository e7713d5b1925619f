"""动作: what can be done to a work order, and one person's wish to do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.ids import TicketNo
from tickets.deadlines import DispatchMode, Matter
from tickets.model import Attachment, Visit
from tickets.roles import Actor
from tickets.tasks import Outcome


class Action(StrEnum):
    """动作."""

    REGISTER = "登记"
    FILL = "自动填写"
    EDIT = "修改"
    ATTACH = "加附件"
    ANSWER = "直接答复"
    SUBMIT = "提交"
    TAKE_BACK_SUBMIT = "撤回提交"
    RETURN = "退回补充"
    COMPLETE = "补充提交"
    DISPATCH = "派单"
    TAKE_BACK_DISPATCH = "撤回派单"
    ADD_UNIT = "加派"
    REASSIGN = "改派"
    TO_LEADER = "呈送领导"
    INSTRUCT = "批示"
    SIGN = "签收"
    REFUSE = "退单"
    DELEGATE = "下派"
    PROGRESS = "报进展"
    CONTACT = "联系群众"
    ARRIVE = "到场"
    ETA = "报时"
    TASK_DONE = "任务办结"
    RELEASE = "免办"
    ASK_EXTENSION = "申请延期"
    ASK_PAUSE = "申请暂停"
    APPROVE = "同意申请"
    DECLINE = "不同意申请"
    RESUME = "恢复计时"
    DONE = "办结上报"
    TAKE_BACK_DONE = "撤回上报"
    UNIT_PASS = "单位复核通过"  # noqa: S105 - no password
    UNIT_BACK = "单位复核退回"
    CONFIRM = "确认"
    ACCEPT = "审核通过"
    REDO = "退回重办"
    VISITED = "回访满意"
    NO_ANSWER = "回访未接通"
    DISSATISFIED = "回访不满意"
    UNREASONABLE = "认定不合理"
    APPEAL = "申诉"
    DECIDE = "复核决定"
    LOOK_BACK = "回头看"
    REOPEN = "重开"
    HAND_BACK = "交回原单位"
    WITHDRAW = "撤单"
    MERGE = "合并"
    UNMERGE = "拆分"
    CLOSE_WITH = "随主单办结"
    OPEN_WITH = "随主单重开"
    CONFIDE = "设为保密"
    UNCONFIDE = "取消保密"
    URGE = "催办"
    SUPERVISE = "督办"
    COUNT = "改是否考核"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """愿望: who wants what; only the fields that the action needs are looked at.

    ``version`` is the one that he saw; None when he looked at none, and whatever stands will do.
    ``text`` is what he says, ``reason`` why he does it, ``second`` a second person who agrees.
    """

    action: Action
    actor: Actor
    at: datetime
    version: int | None = None
    reason: str = ""
    text: str = ""
    unit: str = ""
    leads: tuple[str, ...] = ()
    assists: tuple[str, ...] = ()
    due: datetime | None = None
    mode: DispatchMode | None = None
    matter: Matter | None = None
    limit: str = ""
    clause: str = ""
    arrival: str = ""
    meeting: str = ""
    second: str = ""
    parent: TicketNo | None = None
    passed: bool = True
    outcome: Outcome | None = None
    visit: Visit | None = None
    attachment: Attachment | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
