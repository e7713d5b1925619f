"""One desk on the default profile for all tests of the room: loading jieba takes a second."""

from pathlib import Path

import pytest

from classifier.desk import SuggestionDesk
from classifier.model import Profile
from classifier.profile import read_profile

DEFAULT_PROFILE = Path(__file__).parents[3] / "profiles" / "default"


@pytest.fixture(scope="session")
def profile() -> Profile:
    return read_profile(DEFAULT_PROFILE)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SuggestionDesk:
    return SuggestionDesk(DEFAULT_PROFILE, tmp_path_factory.mktemp("jieba"))
