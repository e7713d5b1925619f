"""The documentation says what is so: facts, words, settings, commands, paths and licences."""

import re
from pathlib import Path

import pytest

from app.__main__ import COMMANDS
from app.docs_pages import pages
from core.events import KEPT
from core.settings import Section, Settings, load_settings
from tests.house.tree import PRODUCT, ROOT, files, letters, modules

DOCS = sorted(path for path in files() if path.suffix == ".md")
OUR_OWN_COMMANDS = {*COMMANDS, "prepare"}
DECISION_LINES = 60
"""One page."""
SPEAKING = tuple(package for package in PRODUCT if package != "simulator")
LISTENING_ADDRESS = "监听地址"
"""A computer's listening, not a supervisor's."""
TERMS = (
    *("来电人", "诉求", "业务类别", "咨询", "求助", "投诉", "举报", "建议", "表扬", "工单", "班长"),
    *("签入", "签出", "示闲", "示忙", "振铃", "通话", "话后处理", "技能组", "排队位置", "接通率", "放弃"),
    *("平均处理时长", "弹屏", "监听", "耳语", "强插", "三方通话", "骚扰", "录音", "转写", "语句"),
    *("智能推荐", "质检", "直接答复", "承办单位", "主办", "协办", "派单", "签收", "退单", "延期"),
    *("办结", "归档", "超期", "催办", "督办", "回访", "满意率", "领导接听", "涉企专席", "吹哨"),
)
"""The hotline's own words; those that the code uses stand in the glossary."""


PAGES = pages()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_what_is_written_about_facts_is_what_the_code_says(file: Path) -> None:
    assert file.exists(), "run: python -m app.docs_pages"
    assert file.read_text(encoding="utf-8") == PAGES[file], "run: python -m app.docs_pages"


def test_there_is_a_schema_for_each_fact_and_for_nothing_else() -> None:
    schemas = {file.name for file in (ROOT / "docs/events").iterdir()}
    assert schemas == {f"{kind.__name__}.schema.json" for kind in KEPT}


@pytest.mark.parametrize("term", TERMS)
def test_a_word_of_the_hotline_that_the_code_uses_is_explained(term: str) -> None:
    users = [path for path in modules(*SPEAKING) if term in letters(path).replace(LISTENING_ADDRESS, "")]
    glossary = letters(Path("docs/glossary.md"))
    assert not users or term in glossary, f"docs/glossary.md lacks {term}, used in {users}"


def test_the_glossary_points_to_what_there_is() -> None:
    lost = []
    for line in letters(Path("docs/glossary.md")).splitlines():
        for path, name in re.findall(r"`(\w+/[\w/]+\.\w+)`(?: `([\w.]+)`)?", line):
            there = (ROOT / path).exists()
            if not there or (name and name.split(".")[-1] not in letters(Path(path))):
                lost.append(f"{path} {name}")
    assert lost == []


def test_the_tour_shows_the_flow_as_it_is() -> None:
    [shown] = re.findall(r"```python\n(.*?)```", letters(Path("docs/tour.md")), re.DOTALL)
    assert shown in letters(Path("ivr/flows/citizen_call.py"))


@pytest.mark.parametrize("page", DOCS, ids=str)
def test_a_page_leads_to_pages_that_there_are(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", letters(page))
    here = (ROOT / page).parent
    assert [one for one in targets if "://" not in one and not (here / one).exists()] == []


@pytest.mark.parametrize("page", DOCS, ids=str)
def test_a_page_shows_commands_that_there_are(page: Path) -> None:
    shown = set(re.findall(r"\./hotline ([a-z]+)", letters(page)))
    assert shown <= OUR_OWN_COMMANDS


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_first_that_a_reader_sees_is_how_to_try_it(name: str) -> None:
    first = letters(Path(name)).split("```")[1].split("\n")
    assert [line.strip() for line in first if line.strip()][:2] == ["./hotline demo", "./hotline test"]


def test_both_languages_have_the_same_headings() -> None:
    def levels(name: str) -> list[str]:
        text = re.sub(r"```.*?```", "", letters(Path(name)), flags=re.DOTALL)
        return re.findall(r"^#+", text, flags=re.MULTILINE)

    assert levels("README.md") == levels("README.zh-CN.md")


def test_the_example_of_settings_is_one_and_shows_the_defaults() -> None:
    assert load_settings(ROOT / "settings.example.toml").model_dump() == Settings().model_dump()


def _keys(section: type[Section | Settings], before: str = "") -> list[str]:
    found = []
    for name, described in section.model_fields.items():
        inner = described.annotation
        if isinstance(inner, type) and issubclass(inner, Section):
            found += _keys(inner, f"{before}{name}.")
        else:
            found.append(before + name)
    return found


@pytest.mark.parametrize("key", _keys(Settings))
def test_every_setting_is_described(key: str) -> None:
    *_, name = key.split(".")
    for page in ("settings.example.toml", "docs/howto/settings.md"):
        assert re.search(rf"\b{name}\b", letters(Path(page))), f"{page} lacks {key}"


def test_every_package_that_is_installed_is_named_with_its_licence() -> None:
    notice = letters(Path("NOTICE")).lower()
    packages = re.findall(r"^([A-Za-z0-9._-]+)==", letters(Path("requirements.lock")), flags=re.MULTILINE)
    assert packages
    missing = [
        one for one in packages if not re.search(rf"(?<![\w-]){re.escape(one.lower())}(?![\w-])", notice)
    ]
    assert missing == []


@pytest.mark.parametrize("program", ["asterisk", "espeak-ng", "sox", "flac", "mosquitto", "postgresql"])
def test_every_program_that_is_started_is_named_with_its_licence(program: str) -> None:
    assert program in letters(Path("NOTICE")).lower()


def test_a_decision_is_one_page() -> None:
    pages_ = [path for path in DOCS if path.parent.name == "decisions" and path.name != "README.md"]
    assert pages_
    assert [path for path in pages_ if len(letters(path).splitlines()) > DECISION_LINES] == []


@pytest.mark.parametrize(
    "file", ["LICENSE", "NOTICE", "CHANGELOG.md", "docs/tour.md", "docs/howto/hotline.service"]
)
def test_what_a_stranger_looks_for_is_there(file: str) -> None:
    assert letters(Path(file)).strip()
