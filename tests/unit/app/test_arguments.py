"""The command line says in Chinese what it wants, and what was wrong."""

import pytest

from app.arguments import Arguments


@pytest.fixture
def parser() -> Arguments:
    one = Arguments(prog="./hotline", description="热线")
    one.add_argument("--kind", choices=["a", "b"])
    one.add_argument("--number", type=int)
    one.add_argument("--flag", action="store_true")
    one.add_subparsers(dest="action", metavar="动作", required=True).add_parser("add").add_argument("number_")
    return one


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "还要写上 动作"),
        (["add"], "还要写上 number_"),
        (["sub"], "动作 不能是 'sub'"),
        (["--kind", "c", "add", "1"], "--kind 不能是 'c'"),
        (["--kind"], "--kind 后面要写一个值"),
        (["--number", "x", "add", "1"], "--number 不能是 'x'"),
        (["--flag=1", "add", "1"], "--flag 后面不要写值 '1'"),
        (["add", "1", "--more"], "不认识的选项:--more"),
        (["--ki=a", "add", "1"], "不认识的选项:--ki=a"),
    ],
)
def test_what_is_wrong_is_one_chinese_sentence(
    parser: Arguments, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(words)
    err = capsys.readouterr().err
    assert ended.value.code == 2
    assert err.startswith("错误:")
    assert said in err
    assert err.count("\n") == 1


def test_help_has_no_english_headings(parser: Arguments) -> None:
    said = parser.format_help()
    assert said.startswith("用法:./hotline")
    for word in ("usage", "options", "positional", "show this"):
        assert word not in said
