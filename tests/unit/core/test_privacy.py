"""Masking: enough is left to tell calls apart, too little to call anybody back."""

import pytest

from core.privacy import masked, masked_number, masked_text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812341234", "138****1234"),
        ("+8613812341234", "+86****1234"),
        ("01087654321", "010****4321"),
        ("87654321", "******21"),
        ("8001", "**01"),
        ("12", "12"),
        ("7", "7"),
        ("", ""),
    ],
)
def test_a_number_shows_its_ends_only(number: str, shown: str) -> None:
    assert masked_number(number) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打 13812341234 找我", "打 138****1234 找我"),
        ("身份证110101199003071234。", "身份证110****1234。"),
        ("卡号6222021234567890123456", "卡号622****3456"),
        ("通话 hotline-1772413200.17", "通话 hotline-1772413200.17"),
        ("12345热线", "12345热线"),
    ],
)
def test_long_numbers_are_masked_wherever_they_stand(text: str, shown: str) -> None:
    assert masked_text(text) == shown


def test_a_name_keeps_its_first_sign() -> None:
    assert masked("name", "欧阳小明") == "欧***"


def test_of_what_was_said_only_the_length_is_shown() -> None:
    assert masked("text", "我家楼下有煤气味") == "〔8字〕"


@pytest.mark.parametrize("kind", ["phone", "name", "text"])
def test_nothing_stays_nothing(kind: str) -> None:
    assert masked(kind, "") == ""
