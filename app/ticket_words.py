"""工单命令表: which action of ``./hotline ticket`` is which step, and what has to be said with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tickets.wish import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """一个动作: its step, the options that it takes, and what it is for."""

    action: Action
    options: tuple[str, ...]
    explained: str


def _verb(action: Action, explained: str, *options: str) -> Verb:
    return Verb(action=action, options=options, explained=explained)


A = Action
VERBS: Mapping[str, Verb] = {
    "edit": _verb(A.EDIT, "修改字段", "set"),
    "answer": _verb(A.ANSWER, "直接答复并办结", "text"),
    "submit": _verb(A.SUBMIT, "草稿确认后提交", "set", "reason"),
    "return": _verb(A.RETURN, "退回补充", "reason"),
    "complete": _verb(A.COMPLETE, "补充后再提交", "set", "reason"),
    "dispatch": _verb(A.DISPATCH, "派单:主办和协办", "to", "assist", "due", "mode", "matter", "text"),
    "add-unit": _verb(A.ADD_UNIT, "加派协办", "assist", "due", "text"),
    "reassign": _verb(A.REASSIGN, "改派给别的单位", "to", "assist", "due", "matter", "text", "reason"),
    "to-leader": _verb(A.TO_LEADER, "呈送领导", "text"),
    "instruct": _verb(A.INSTRUCT, "领导批示", "to", "assist", "due", "text"),
    "sign": _verb(A.SIGN, "签收", "unit"),
    "refuse": _verb(A.REFUSE, "退单", "unit", "reason", "clause"),
    "delegate": _verb(A.DELEGATE, "下派给下级单位", "unit", "to", "assist", "due", "text"),
    "progress": _verb(A.PROGRESS, "报进展", "unit", "text"),
    "contact": _verb(A.CONTACT, "记联系群众", "unit", "text", "reason"),
    "arrive": _verb(A.ARRIVE, "到场、报到", "unit"),
    "eta": _verb(A.ETA, "报预计完成时间", "unit", "due"),
    "task-done": _verb(A.TASK_DONE, "协办或下派的任务办结", "unit", "text"),
    "release": _verb(A.RELEASE, "免去一个单位的任务", "unit", "reason"),
    "extend": _verb(A.ASK_EXTENSION, "申请延期", "unit", "limit", "reason"),
    "suspend": _verb(A.ASK_PAUSE, "申请暂停计时", "unit", "reason"),
    "approve": _verb(A.APPROVE, "同意申请"),
    "decline": _verb(A.DECLINE, "不同意申请", "reason"),
    "resume": _verb(A.RESUME, "恢复计时", "unit"),
    "done": _verb(A.DONE, "办结上报", "unit", "result", "proof", "head"),
    "unit-pass": _verb(A.UNIT_PASS, "上级单位复核通过"),
    "unit-back": _verb(A.UNIT_BACK, "上级单位退回", "reason"),
    "confirm": _verb(A.CONFIRM, "领导接听件确认"),
    "check": _verb(A.ACCEPT, "审核通过"),
    "redo": _verb(A.REDO, "退回重办", "reason"),
    "appeal": _verb(A.APPEAL, "申诉", "reason"),
    "decide": _verb(A.DECIDE, "申诉复核决定", "text", "no"),
    "look-back": _verb(A.LOOK_BACK, "回头看", "text", "no"),
    "reopen": _verb(A.REOPEN, "来电人再次反映, 重开", "reason", "arrival"),
    "hand-back": _verb(A.HAND_BACK, "重开后交回原单位"),
    "withdraw": _verb(A.WITHDRAW, "撤单", "arrival", "reason"),
    "merge": _verb(A.MERGE, "并入另一张", "into", "reason"),
    "unmerge": _verb(A.UNMERGE, "拆分", "reason"),
    "confide": _verb(A.CONFIDE, "设为保密"),
    "unconfide": _verb(A.UNCONFIDE, "取消保密", "reason"),
    "urge": _verb(A.URGE, "催办, 并入原工单", "arrival", "text", "draft"),
    "supervise": _verb(A.SUPERVISE, "督办", "text", "due", "matter"),
    "undo-submit": _verb(A.TAKE_BACK_SUBMIT, "撤回提交", "reason"),
    "undo-dispatch": _verb(A.TAKE_BACK_DISPATCH, "撤回派单", "reason"),
    "undo-done": _verb(A.TAKE_BACK_DONE, "撤回办结上报", "reason"),
}
