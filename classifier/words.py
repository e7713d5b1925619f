"""分词: jieba cuts what was said into words; the only file that knows jieba."""

import logging
import warnings
from collections.abc import Iterable
from pathlib import Path

with warnings.catch_warnings():
    # jieba 0.42.1 has unescaped backslashes and asks for pkg_resources; neither concerns us.
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.CRITICAL)


class WordCutter:
    """jieba with the hotline's own words; loads in one to two seconds, the first time slower."""

    def __init__(self, own_words: Iterable[str], cache_folder: Path) -> None:
        """Load the dictionary; ``cache_folder`` is made if it is missing and holds jieba's cache."""
        cache_folder.mkdir(parents=True, exist_ok=True)
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.tmp_dir = str(cache_folder)
        self._tokenizer.initialize()
        for word in sorted(set(own_words)):
            self._tokenizer.add_word(word)

    def words_of(self, text: str) -> tuple[str, ...]:
        """Cut a text into words whose sequence is the text again; an empty text gives none."""
        return tuple(self._tokenizer.cut(text, HMM=False))
