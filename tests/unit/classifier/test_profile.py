"""A profile is checked when it is loaded, and whoever wrote it is told where to look."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.model import Profile
from classifier.profile import FILES, read_profile
from classifier.profile_files import ProfileFileWrong
from tests.unit.classifier.conftest import DEFAULT_PROFILE

Copy = Callable[[str, str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Copy:
    """Return a copy of the default profile with one text replaced by another in one file."""

    def change(name: str, old: str, new: str) -> Path:
        folder = tmp_path / "city"
        shutil.copytree(DEFAULT_PROFILE, folder)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("taxonomy.csv", "level1,", "一级,", "taxonomy.csv 第 1 行有误: 第一行应是 level1,level2,level3"),
        ("taxonomy.csv", "城乡建设,安全生产,", "城乡建设,,", "taxonomy.csv 第 2 行有误"),
        ("words.csv", "\n城乡建设,2,", "\n城建,2,", "words.csv 第 2 行有误: 分类“城建”不在 taxonomy.csv 里"),
        ("words.csv", "\n城乡建设,2,", "\n城乡建设,二,", "words.csv 第 2 行有误: 分值“二”"),
        ("words.csv", "\n城乡建设,2,", "\n城乡建设,2,房子 房子 ", "words.csv 第 2 行有误: “房子”"),
        ("words.csv", "\n城乡建设,2,", "\n城乡建设,2,停了~(水 ", "words.csv 第 2 行有误: “停了~(水”"),
        ("words.csv", "\n城乡建设,2,", "\n城乡建设,2,x,", "words.csv 第 2 行有误: 应有 3 列, 实有 4 列"),
        ("units.csv", ",1,*", ",1,居委会", "units.csv"),
        ("units.csv", "\n市住建局,1,", "\n,1,", "units.csv 第 2 行有误: 缺少单位名称"),
        ("units.csv", "\n市住建局,1,", "\n市住建局,1,甲/乙 ", "units.csv 第 2 行有误: 分类“甲/乙”"),
        (
            "units.csv",
            "\n市住建局,1,",
            "\n市住建局,1,路灯 路灯 ",
            "units.csv 第 2 行有误: “市住建局”的职责“路灯”",
        ),
        ("urgency.toml", 'level = "特急"', 'level = "最急"', "level 只能是 一般、紧急、特急, 不能是“最急”"),
        ("urgency.toml", '"漏气"', '"(漏气"', "的括号或问号写得不对"),
        ("urgency.toml", '"漏气"', '"漏气?漏?"', "urgency.toml"),
        ("urgency.toml", '"漏气"', '"漏气*"', "里只能有汉字、字母、数字"),
        ("urgency.toml", "[calm]", "[calm", "TOML 写法不对"),
        ("urgency.toml", "[calm]", "[calmer]", "缺少 [calm]"),
        ("urgency.toml", "燃气供应", "燃汽供应", "不在 taxonomy.csv 里"),
        ("demand_types.toml", 'default = "求助"', "", "缺少文字 default"),
        ("demand_types.toml", "weight = 6", "weight = 60", "weight 应是 0 到 10 之间的数"),
        ("address.toml", "beside = [", "beside = [3, ", "beside 应是一串文字"),
        ("places.csv", "kind,names", "names", "places.csv 第 1 行有误"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_reason(
    changed: Copy, name: str, old: str, new: str, told: str
) -> None:
    folder = changed(name, old, new)
    if name == "urgency.toml" and new == '"漏气?漏?"':
        assert read_profile(folder).version
        return
    with pytest.raises(ProfileFileWrong) as wrong:
        read_profile(folder)
    assert told in str(wrong.value)
    assert str(folder / name) in str(wrong.value)


def test_a_wrong_phrase_is_found_again_in_its_line(changed: Copy) -> None:
    folder = changed("urgency.toml", '"漏气"', '"(漏气"')
    lines = (folder / "urgency.toml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if '"(漏气"' in text)
    with pytest.raises(ProfileFileWrong, match=f"urgency.toml 第 {line} 行有误"):
        read_profile(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(changed: Copy, name: str) -> None:
    folder = changed("words.csv", "小区", "小区")
    (folder / name).unlink()
    with pytest.raises(ProfileFileWrong, match=f"{name} 有误: 文件不存在或读不了"):
        read_profile(folder)


def test_a_file_in_another_encoding_is_refused(changed: Copy) -> None:
    folder = changed("words.csv", "小区", "小区")
    text = (folder / "words.csv").read_text(encoding="utf-8")
    (folder / "words.csv").write_bytes(text.encode("gb18030"))
    with pytest.raises(ProfileFileWrong, match="不是 UTF-8 编码"):
        read_profile(folder)


def test_a_mark_at_the_beginning_and_empty_lines_do_no_harm(changed: Copy) -> None:
    folder = changed("words.csv", "category,", "\ufeffcategory,")
    with (folder / "words.csv").open("a", encoding="utf-8") as file:
        file.write("\n,,\n")
    assert read_profile(folder).meanings


def test_the_version_changes_with_any_change_of_the_data(changed: Copy, profile: Profile) -> None:
    folder = changed("words.csv", "小区", "大区")
    assert read_profile(folder).version.split("-")[1] != profile.version.split("-")[1]


def test_every_first_level_can_be_reached_by_words(profile: Profile) -> None:
    reached = {
        meaning.category.split("/")[0] for meanings in profile.meanings.values() for meaning in meanings
    }
    assert reached == set(profile.children[""])


def test_the_default_taxonomy_has_fifteen_first_levels_and_517_paths(profile: Profile) -> None:
    assert len(profile.children[""]) == 15
    assert sum(path.count("/") == 2 for path in profile.children) == 517
