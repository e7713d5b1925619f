"""提示音文本: every sentence the hotline speaks to a citizen or a seat, by name."""

from enum import StrEnum
from pathlib import Path

from core.errors import HotlineError

PROMPT_TEXTS = Path(__file__).parent / "prompts"


class Prompt(StrEnum):
    """提示音: the value is the name of its text and of its WAV."""

    GREETING = "greeting"
    PLEASE_WAIT = "please_wait"
    SEAT_LOGGED_IN = "seat_logged_in"
    SEAT_LOGGED_OFF = "seat_logged_off"
    NUMBER_UNKNOWN = "number_unknown"


class PromptWithoutText(HotlineError):
    """有提示音没有文本:请在提示音文件夹里补上同名的 txt 文件,写一句要说的话。"""


class TextWithoutPrompt(HotlineError):
    """提示音文件夹里有多余的文本,没有流程用它:请删除这个文件或改正文件名。"""


def text_of(prompt: Prompt, folder: Path = PROMPT_TEXTS) -> str:
    """Give the sentence to be spoken; raises PromptWithoutText when there is none."""
    try:
        text = (folder / f"{prompt}.txt").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        raise PromptWithoutText(prompt=prompt.value, folder=folder)
    return text


def check_prompts(folder: Path = PROMPT_TEXTS) -> None:
    """See that every prompt has a text and every text is a prompt; raises the error that says which."""
    for prompt in Prompt:
        text_of(prompt, folder)
    for file in sorted(folder.glob("*.txt")):
        if file.stem not in set(Prompt):
            raise TextWithoutPrompt(file=file.name, folder=folder)
