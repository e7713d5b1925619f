"""提示音文本: every sentence the hotline speaks to a citizen or a seat, by name."""

from enum import StrEnum
from pathlib import Path

from core.errors import HotlineError

PROMPT_TEXTS = Path(__file__).parent / "prompts"


class Prompt(StrEnum):
    """提示音: the value is the name of its text and of its WAV."""

    GREETING = "greeting"
    PLEASE_WAIT = "please_wait"
    NUMBER_UNKNOWN = "number_unknown"
    SEAT_LOGGED_IN = "seat_logged_in"
    SEAT_ALREADY_LOGGED_IN = "seat_already_logged_in"
    SEAT_LOGGED_OFF = "seat_logged_off"
    SEAT_NOT_LOGGED_IN = "seat_not_logged_in"
    SEAT_PAUSE_REASON = "seat_pause_reason"
    SEAT_PAUSE_REASON_UNKNOWN = "seat_pause_reason_unknown"
    SEAT_PAUSED_BREAK = "seat_paused_break"
    SEAT_PAUSED_MEAL = "seat_paused_meal"
    SEAT_PAUSED_TRAINING = "seat_paused_training"
    SEAT_PAUSED_MEETING = "seat_paused_meeting"
    SEAT_PAUSED_OTHER = "seat_paused_other"
    SEAT_ALREADY_PAUSED = "seat_already_paused"
    SEAT_READY = "seat_ready"
    SEAT_ALREADY_READY = "seat_already_ready"
    SEAT_WRAP_UP_EXTENDED = "seat_wrap_up_extended"
    SEAT_WRAP_UP_LONGEST = "seat_wrap_up_longest"
    SEAT_WRAP_UP_OVER = "seat_wrap_up_over"
    SEAT_HAS_NO_CALL = "seat_has_no_call"
    CALL_URGENT = "call_urgent"
    CALL_ALREADY_URGENT = "call_already_urgent"
    RECORDING_PAUSED = "recording_paused"
    RECORDING_ALREADY_PAUSED = "recording_already_paused"
    RECORDING_RESUMED = "recording_resumed"
    RECORDING_ALREADY_ON = "recording_already_on"
    LISTENING_IN = "listening_in"
    WHISPERING = "whispering"
    BARGING_IN = "barging_in"
    THAT_SEAT_HAS_NO_CALL = "that_seat_has_no_call"
    NO_SUCH_SEAT = "no_such_seat"
    NOT_ALLOWED = "not_allowed"
    THIRD_PARTY_CALLED = "third_party_called"
    THIRD_PARTY_ALREADY = "third_party_already"
    NO_WAY_OUT = "no_way_out"
    CODE_UNKNOWN = "code_unknown"
    SYSTEM_AWAY = "system_away"
    NOT_DONE = "not_done"
    SEAT_AWAY = "seat_away"
    HANDED_BACK = "handed_back"
    TALK_CUT_OFF = "talk_cut_off"


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
