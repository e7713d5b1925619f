"""改坏的输入: traces of real conversations, spoiled in every way a wire or a broken neighbour can."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

LONG_RUN = 20_000
MOST_SPOILED = 4
NUMBERS = (
    *(b"-1", b"0", b"00", b"1e309", b"-1e309", b"nan", b"inf", b"0x10", b"1_000", b" 7", b"", b"2147483648"),
    *(
        b"9" * 20,
        b"9" * 5000,
        "٣٤".encode(),
        "²".encode(),
        "一".encode(),
        b"1.5.5",
        b"253402300799.9",
        b"-62135596800",
    ),
)
"""Figures that are none, or that no clock and no column can hold."""
BROKEN_UTF8 = (b"\xff", b"\xc3", b"\xe4\xb8", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80")
WEIRD = (
    b"\x00",
    b"\x1b[2J",
    b"\x7f",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\t",
    b"\x85",
    "\u2028".encode(),
    b'"',
    b"|",
)
Spoil = Callable[[Random, bytes], bytes]


def spoiled(chance: Random, whole: bytes) -> bytes:
    """Give a trace with one to four things wrong."""
    for _ in range(chance.randint(1, MOST_SPOILED)):
        whole = chance.choice(_WAYS)(chance, whole)
    return whole


def pieces(chance: Random, data: bytes) -> Iterator[bytes]:
    """Cut as a network does: anywhere, in a character too, or not at all."""
    most = chance.choice((1, 12, 100, *(1400,) * 5, *(len(data) or 1,) * 8))
    if most == 1 and len(data) > 600:
        most = 60
    while data:
        size = chance.randint(1, most)
        yield data[:size]
        data = data[size:]


def _flip(chance: Random, data: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + bytes((chance.randrange(256),)) + data[at + 1 :]


def _cut_out(chance: Random, data: bytes) -> bytes:
    begin = _place(chance, data)
    return data[:begin] + data[begin + chance.randint(1, 40) :]


def _end_early(chance: Random, data: bytes) -> bytes:
    return data[: _place(chance, data)]


def _twice(chance: Random, data: bytes) -> bytes:
    begin = _place(chance, data)
    end = begin + chance.randint(1, 200)
    return data[:end] + data[begin:end] + data[end:]


def _put_in(these: Sequence[bytes]) -> Spoil:
    def spoil(chance: Random, data: bytes) -> bytes:
        at = _place(chance, data)
        return data[:at] + chance.choice(these) + data[at:]

    return spoil


def _long(chance: Random, data: bytes) -> bytes:
    if chance.random() > 0.1:
        return data
    at = _place(chance, data)
    return data[:at] + chance.choice((b"A", b"7", b" ", b"\xff")) * chance.randint(300, LONG_RUN) + data[at:]


def _without_a_line(chance: Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        lines.pop(chance.randrange(len(lines)))
    return b"".join(lines)


def _line_twice(chance: Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"".join(lines)


def _shuffled(chance: Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def _other_number(chance: Random, data: bytes) -> bytes:
    """Put something else where a figure stands."""
    begins = [
        at for at in range(len(data)) if data[at : at + 1].isdigit() and not data[at - 1 : at].isdigit()
    ]
    if not begins:
        return data
    begin = end = chance.choice(begins)
    while data[end : end + 1].isdigit() or data[end : end + 1] == b".":
        end += 1
    return data[:begin] + chance.choice(NUMBERS) + data[end:]


def _place(chance: Random, data: bytes) -> int:
    return chance.randrange(len(data) + 1)


_WAYS: tuple[Spoil, ...] = (
    *(_flip, _cut_out, _end_early, _twice, _long),
    *(_put_in(WEIRD), _put_in(BROKEN_UTF8), _put_in(NUMBERS)),
    *(_without_a_line, _line_twice, _shuffled, _other_number, _other_number),
)
