"""角色: who somebody is at the hotline, and what he may see of a work order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """角色."""

    SEAT = "话务员"
    SHIFT_LEAD = "班长"
    REVIEWER = "派单员"
    DIRECTOR = "热线办主任"
    DEPUTY = "热线办副主任"
    SUPERVISOR = "督办员"
    VISITOR = "回访员"
    CENTRE = "一级单位"
    UNIT_TWO = "二级单位"
    UNIT_THREE = "三级单位"
    CONTACT = "联络员"
    UNIT_HEAD = "单位领导"
    LEADER = "接听领导"
    STATIONED = "派驻"
    EDITOR = "知识库编辑"
    QUALITY = "质检员"
    REPORTS = "报表"
    OPERATIONS = "运维"
    ADMINISTRATOR = "系统管理员"
    SYSTEM = "系统"


class May(StrEnum):
    """可以: what is no step of a work order but has to be allowed."""

    READ = "看工单"
    READ_OWN_UNIT = "看本单位工单"
    READ_OWN = "看自己受理的工单"
    REVEAL = "看个人信息"
    REVEAL_CONFIDENTIAL = "看保密件的个人信息"
    CALL_MEETING = "开会交办"
    READ_AUDIT = "看调阅记录"
    CHECK_QUALITY = "质检"
    ENTER_STUDY = "登记学习培训"
    ENTER_OWN_STUDY = "登记本单位学习培训"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as what; ``unit`` is the number of his unit, empty at the centre."""

    name: str
    role: Role
    unit: str = ""


SEATS = (Role.SEAT, Role.SHIFT_LEAD)
REVIEWERS = (Role.REVIEWER, Role.DIRECTOR, Role.DEPUTY, Role.CENTRE)
DIRECTORS = (Role.DIRECTOR, Role.DEPUTY)
UNITS = (Role.UNIT_TWO, Role.UNIT_THREE, Role.CONTACT, Role.UNIT_HEAD)
UPPER_UNITS = (Role.UNIT_TWO, Role.CONTACT, Role.UNIT_HEAD)
SUPERVISORS = (Role.SUPERVISOR, Role.STATIONED, *DIRECTORS, Role.CENTRE)
VISITORS = (Role.VISITOR, *DIRECTORS)
_CENTRE = frozenset({May.READ, May.REVEAL})
_OFFICE = _CENTRE | {May.ENTER_STUDY}
_DIRECTOR = _OFFICE | {May.REVEAL_CONFIDENTIAL, May.CALL_MEETING, May.READ_AUDIT, May.CHECK_QUALITY}
_OF_UNIT = frozenset({May.READ_OWN_UNIT, May.REVEAL, May.ENTER_OWN_STUDY})
PERMISSIONS: Mapping[Role, frozenset[May]] = {
    Role.SEAT: frozenset({May.READ_OWN, May.REVEAL}),
    Role.SHIFT_LEAD: _OFFICE | {May.CHECK_QUALITY},
    Role.REVIEWER: _OFFICE,
    Role.DIRECTOR: _DIRECTOR,
    Role.DEPUTY: _DIRECTOR,
    Role.SUPERVISOR: _OFFICE,
    Role.VISITOR: _CENTRE,
    Role.CENTRE: _OFFICE | {May.CALL_MEETING},
    Role.UNIT_TWO: _OF_UNIT,
    Role.UNIT_THREE: _OF_UNIT,
    Role.CONTACT: _OF_UNIT,
    Role.UNIT_HEAD: _OF_UNIT,
    Role.LEADER: frozenset({May.READ}),
    Role.STATIONED: frozenset({May.READ, May.READ_AUDIT}),
    Role.EDITOR: frozenset({May.READ}),
    Role.QUALITY: frozenset({May.READ, May.CHECK_QUALITY}),
    Role.REPORTS: frozenset({May.READ}),
    Role.OPERATIONS: frozenset(),
    Role.ADMINISTRATOR: frozenset({May.READ_AUDIT}),
    Role.SYSTEM: frozenset({May.READ}),
}


def may(actor: Actor, what: May) -> bool:
    """Tell whether his role allows it."""
    return what in PERMISSIONS[actor.role]
