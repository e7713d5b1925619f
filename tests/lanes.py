"""The whole test run has two rounds of two lanes side by side; in each, the tests come one after the other.

In the first round one lane runs what owns a place on the disk or a database server, the other all the rest
but stories. In the second, two hotlines live stories, most of which is waiting as people on telephones wait.
pytest-xdist's own marks for lanes (``loadgroup``) do nothing under pytest 9.2.
"""

from xdist.scheduler import LoadScopeScheduling

STORY_LANES = ("one hotline", "another hotline")
OWNERS_LANE, OTHER_LANE = "owners", "others"
OWNERS = ("tests/commands/", "tests/database/")
OF_ANOTHER_HOTLINE = (
    "asterisk_crash",
    "engine_trouble",
    "foreign_transfers",
    "supervisor",
    "transfers",
    "unplugged",
)
"""About half of the stories, by the time that they take."""


def lane_of(test: str) -> str:
    """Give the lane of a test; ``test`` is its node id, such as ``tests/stories/test_kills.py::test_one``."""
    if not test.startswith("tests/stories/"):
        return OWNERS_LANE if test.startswith(OWNERS) else OTHER_LANE
    story = test.removeprefix("tests/stories/test_")
    another = story.startswith(OF_ANOTHER_HOTLINE) or story.endswith(f"[{STORY_LANES[1]}]")
    return STORY_LANES[another]


class Lanes(LoadScopeScheduling):  # type: ignore[misc]
    """Hands each lane to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return lane_of(nodeid)
