"""Settings: what the file says, what it leaves out, and one plain sentence for every mistake."""

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from core.settings import Settings, SettingsBroken, SettingsMissing, load_settings
from tests.house.tree import is_chinese


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOTLINE_NODE", "HOTLINE_SIP__PORT"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_file_everything_has_its_default() -> None:
    assert load_settings(None).model_dump() == Settings().model_dump()
    assert Settings().sip.port == 5060


def test_what_the_file_says_counts_and_the_rest_keeps_its_default(file: Path) -> None:
    file.write_text('node = "north"\n[sip]\nbind = "10.1.2.3"\n')
    settings = load_settings(file)
    assert settings.node == "north"
    assert settings.sip.bind == IPv4Address("10.1.2.3")
    assert settings.sip.port == 5060


def test_the_environment_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("[sip]\nport = 5070\nrtp_to = 12999\n")
    monkeypatch.setenv("HOTLINE_SIP__PORT", "5080")
    assert load_settings(file).sip.port == 5080
    assert load_settings(file).sip.rtp_to == 12999


def test_settings_come_back_from_their_own_json() -> None:
    assert Settings.model_validate_json(Settings().model_dump_json()) == Settings()


MISTAKES = {
    "[sip\nport = 1": "第 1 行第 5 个字符附近",
    'node = "a': "文件末尾",
    'node = "a"\nnode = "b"': "同一项写了两次",
    "[sip]\nprot = 1": "key=sip.prot, reason=没有这一项",
    "[sipp]\nport = 1": "key=sipp, reason=没有这一项",
    '[sip]\nport = "many"': "key=sip.port, reason=应当是整数",
    "[sip]\nport = 5060.5": "应当是整数",
    "[sip]\nport = 70000": "数值太大",
    "[sip]\nport = 0": "数值太小",
    '[sip]\nbind = "localhost"': "应当是 IPv4 地址",
    "sip = 5060": "应当是一节",
    'node = "一号"': "有不允许的字符",
    '[[trunks]]\nname = "x"\naddresses = "10.0.0.1"': "应当是一列",
    '[[trunks]]\nname = "x"': "key=trunks.0.addresses, reason=缺了这一项",
    '[[trunks]]\nname = "x"\naddresses = ["10.0.0.300"]': "应当是 IPv4 地址或网段",
    '[broker]\nuse = "mine"': "只能取说明里列出的值",
    "[speech]\nmodel = 3": "应当是加引号的路径",
    '[web]\npublic_url = "http://12345.city.example"': "有不允许的字符",
    "[web]\nlink_days = 0": "数值太小",
    "[database]\nurl = 3": "应当是加引号的文字",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_named_in_one_chinese_sentence_that_says_where(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsBroken) as told:
        load_settings(file)
    sentence = str(told.value)
    assert MISTAKES[text] in sentence
    assert str(file) in sentence
    assert sentence.count("。") == 1
    assert "\n" not in sentence


def test_a_mistake_in_the_environment_names_the_variable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("")
    monkeypatch.setenv("HOTLINE_SIP__PORT", "many")
    with pytest.raises(SettingsBroken, match="HOTLINE_SIP__PORT"):
        load_settings(file)


def test_a_section_in_the_environment_that_is_no_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_TRUNKS", "[")
    with pytest.raises(SettingsBroken, match="HOTLINE_TRUNKS") as told:
        load_settings(None)
    assert is_chinese(str(told.value))


def test_a_file_that_is_no_text_is_named(file: Path) -> None:
    file.write_bytes(b'node = "\xff\xfe"')
    with pytest.raises(SettingsBroken, match="UTF-8"):
        load_settings(file)


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_a_file_that_is_not_there_is_not_taken_for_an_empty_one(file: Path, kind: str) -> None:
    if kind == "folder":
        file.mkdir()
    with pytest.raises(SettingsMissing, match=file.name):
        load_settings(file)
