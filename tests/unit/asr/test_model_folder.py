"""What is wrong with a model folder is said in one sentence, before Vosk sees it."""

import shutil
from pathlib import Path

import pytest

import asr
from asr.model_folder import ModelFileMissing, ModelFolderMissing, ModelRateTooHigh, check_model

BUNDLED = Path(asr.__path__[0]) / "models" / "demo-synth"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(BUNDLED, tmp_path / "model")


def test_the_bundled_model_is_complete(folder: Path) -> None:
    check_model(folder)


def test_a_wrong_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderMissing, match="模型目录不存在"):
        check_model(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "file",
    ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/Gr.fst", "graph/phones/word_boundary.int"],
)
def test_a_missing_or_empty_file_is_named(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"")
    with pytest.raises(ModelFileMissing, match=file):
        check_model(folder)
    (folder / file).unlink()
    with pytest.raises(ModelFileMissing, match=file):
        check_model(folder)


def test_one_large_graph_does_instead_of_two_small_ones(folder: Path) -> None:
    (folder / "graph/Gr.fst").rename(folder / "graph/HCLG.fst")
    check_model(folder)


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ("--sample-frequency=16000\n", True),
        ("--use-energy=false\n", True),
        ("--sample-frequency=16000\n--allow-upsample=false\n", True),
        ("--sample-frequency=16000 # wide band\n--allow-upsample=true\n", False),
        ("--sample-frequency=8000\n", False),
    ],
)
def test_a_model_above_the_telephone_rate_must_allow_it(folder: Path, options: str, *, refused: bool) -> None:
    (folder / "conf/mfcc.conf").write_text(options)
    if not refused:
        check_model(folder)
        return
    with pytest.raises(ModelRateTooHigh, match="allow-upsample"):
        check_model(folder)
