"""The engine itself looks all day long at who owes a study; nothing but its clock makes it look."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.clock import Clock
from simulator.day.town import Plan
from tests.properties.test_chaos import lived, night
from tickets.study_reminders import StudyReminders


def test_a_running_engine_looks_every_ten_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[datetime] = []

    async def noted(_reminders: StudyReminders, clock: Clock) -> int:
        looks.append(clock.now())
        return 0

    monkeypatch.setattr(StudyReminders, "look", noted)
    lived(tmp_path, Plan(day=night(), calls=2, seed=1), [])
    between = {later - earlier for earlier, later in pairwise(looks)}
    assert between == {timedelta(minutes=10)}
