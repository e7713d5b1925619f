"""语音模型目录: what must be in it, looked at without loading anything."""

from pathlib import Path

from asr.audio import SAMPLE_RATE
from core.errors import HotlineError

_NEEDED = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/phones/word_boundary.int")
_ONE_GRAPH = ("graph/HCLG.fst",)
_TWO_GRAPHS = ("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int")
_KALDI_RATE = "16000"


class ModelFolderMissing(HotlineError):
    """语音模型目录不存在,请检查设置里的模型路径。"""


class ModelFileMissing(HotlineError):
    """语音模型不完整:缺少文件或文件是空的,请重新解压完整的模型。"""


class ModelRateTooHigh(HotlineError):
    """语音模型高于电话的 8000 Hz 且不允许升采样,请在其 conf/mfcc.conf 里加上 --allow-upsample=true。"""


def check_model(folder: Path) -> None:
    """Look for everything that can be wrong without loading; raises one HotlineError that names it."""
    if not folder.is_dir():
        raise ModelFolderMissing(path=folder)
    graph = _ONE_GRAPH if (folder / _ONE_GRAPH[0]).exists() else _TWO_GRAPHS
    for name in (*_NEEDED, *graph):
        file = folder / name
        if not file.is_file() or file.stat().st_size == 0:
            raise ModelFileMissing(path=folder, file=name)
    options = _options(folder / "conf/mfcc.conf")
    rate = options.get("sample-frequency", _KALDI_RATE)
    if _number(rate) > SAMPLE_RATE and options.get("allow-upsample", "false") != "true":
        raise ModelRateTooHigh(path=folder, rate=rate)


def _number(rate: str) -> float:
    """What is no number is Vosk's to refuse."""
    return float(rate) if rate.replace(".", "", 1).isdecimal() else 0.0


def _options(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = (line.split("#")[0].strip().removeprefix("--").partition("=") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}
