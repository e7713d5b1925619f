"""用户登记: who works with work orders, typed one by one or brought in a file; every change is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.clock import Clock
from core.database import Connection, Database
from core.errors import HotlineError
from tickets import unit_store, unit_words, user_store
from tickets.roles import UNITS, Role
from tickets.unit_file import ImportRefused, Problem, Row, read_rows
from tickets.units import UnitTree
from tickets.user_store import User, UserChange

NEEDED = ("姓名", "角色")
KNOWN = (*NEEDED, "单位", "座席", "状态")
ROLES: Mapping[str, Role] = {role.value: role for role in Role if role is not Role.SYSTEM}


class UnitNeeded(HotlineError):
    """承办单位的人要写明是哪个单位, 热线办的人不要写。"""


class WrongRole(HotlineError):
    """没有这个角色:请核对括号里的写法。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAsked:
    """A user as he is typed: the unit by number, name or alias."""

    name: str
    role: str
    unit: str = ""
    seat: str = ""
    active: bool = True


class UserRegister:
    """The users in the database, at once; ``by`` stands for who changes them."""

    def __init__(self, database: Database, clock: Clock, by: str) -> None:
        """Work on this database."""
        self._database = database
        self._clock = clock
        self._by = by

    def put(self, asked: UserAsked) -> User:
        """添加或修改用户. Raises UnitNeeded, WrongRole, NoSuchUnit or WrongPerson."""

        def work(connection: Connection) -> User:
            tree = UnitTree(unit_store.units_known(connection))
            user = self._user(asked, tree, self._clock.now())
            user_store.put_users(connection, [user])
            return user

        return self._database.now(work)

    def import_users(self, file: Path) -> tuple[int, int]:
        """导入用户: all of a file or nothing; gives how many are new and how many were changed.

        Raises FileUnreadable, or ImportRefused with every problem.
        """

        def work(connection: Connection) -> tuple[int, int]:
            tree = UnitTree(unit_store.units_known(connection))
            return user_store.put_users(connection, self._users_in(file, tree))

        return self._database.now(work)

    def known(self) -> list[User]:
        """Give every user, by name."""
        return list(self._database.now(user_store.users_known))

    def tree(self) -> UnitTree:
        """Give the units in which they work."""
        return UnitTree(self._database.now(unit_store.units_known))

    def history(self, name: str) -> list[UserChange]:
        """Give what was ever changed, about one or, without a name, about all."""
        return self._database.now(lambda connection: user_store.changes_of(connection, name))

    def _users_in(self, file: Path, tree: UnitTree) -> list[User]:
        found: dict[str, User] = {}
        problems: list[Problem] = []
        now = self._clock.now()
        for row in read_rows(file, NEEDED, KNOWN):
            try:
                user = self._user(_asked(row), tree, now)
            except HotlineError as error:
                problems.append(Problem(line=row.line, reason=str(error)))
                continue
            if user.name in found:
                problems.append(Problem(line=row.line, reason=f"{user.name}写了两次"))
            found[user.name] = user
        if problems:
            raise ImportRefused(problems, file=file.name)
        return list(found.values())

    def _user(self, asked: UserAsked, tree: UnitTree, now: datetime) -> User:
        role = ROLES.get(asked.role)
        if role is None:
            raise WrongRole(role=asked.role, known="、".join(ROLES))
        if (role in UNITS) != bool(asked.unit):
            raise UnitNeeded(role=role)
        return User(
            name=unit_words.person_name(asked.name),
            role=role,
            unit=tree.find(asked.unit).unit_id if asked.unit else "",
            seat=asked.seat,
            active=asked.active,
            added_at=now,
            added_by=self._by,
        )


def _asked(row: Row) -> UserAsked:
    return UserAsked(
        name=row["姓名"],
        role=row["角色"],
        unit=row["单位"],
        seat=row["座席"],
        active=unit_words.state(row["状态"]),
    )
