"""智能推荐: the room's use case, from what a citizen said to a suggestion with its reasons."""

from pathlib import Path

from classifier.address import find_address
from classifier.category import CategoryGuess, guess_category
from classifier.demand_type import DemandEar, DemandGuess
from classifier.found import PhraseFinder, found_words, plain
from classifier.model import FoundWord, Meaning
from classifier.profile import read_profile
from classifier.title import title_of
from classifier.units import suggest_units
from classifier.urgency import Alarm, UrgencyWatch, urgency_of
from classifier.words import WordCutter
from core.understanding import Evidence, Suggestion

MOST_CATEGORY_WORDS = 6
# An alarm speaks for its own category where nothing plainer was said.
ALARM_WEIGHT = 3.0


class SuggestionDesk:
    """推荐席: holds one state of a profile; a changed profile needs a new desk."""

    def __init__(self, profile_folder: Path, cache_folder: Path) -> None:
        """Read and check the profile; takes up to three seconds.

        A wrong file raises :class:`classifier.profile_files.ProfileFileWrong`.
        """
        self._profile = read_profile(profile_folder)
        own_words = {*self._profile.meanings, *self._profile.units, *self._profile.places.known}
        self._cutter = WordCutter(own_words, cache_folder)
        self._phrases = PhraseFinder(self._profile.phrases)
        self._watch = UrgencyWatch(self._profile.urgency)
        self._ear = DemandEar(self._profile.demand)

    def suggest(self, citizen_text: str) -> Suggestion:
        """Return what we would write into the draft; any text will do, also an empty one."""
        text = plain(citizen_text)
        words = self._cutter.words_of(text)
        alarms = self._watch.alarms_in(text)
        found = (
            *found_words(words, self._profile.meanings),
            *self._phrases.found_in(text),
            *(_alarm_word(alarm) for alarm in alarms if alarm.category),
        )
        category = guess_category(found, self._profile)
        demand = self._ear.guess(text)
        address = find_address(words, self._profile.places)
        return Suggestion(
            demand_type=demand.demand_type,
            category=category.path,
            category_score=category.score,
            unsure=category.unsure,
            units=suggest_units(found, category.path, self._profile),
            urgency=urgency_of(alarms),
            evidence=_evidence(category, alarms, demand),
            address=address,
            title=title_of(words, address, category.reasons),
            version=self._profile.version,
        )


def _alarm_word(alarm: Alarm) -> FoundWord:
    meaning = Meaning(category=alarm.category, weight=ALARM_WEIGHT)
    return FoundWord(word=alarm.word, start=alarm.start, end=alarm.end, meanings=(meaning,))


def _evidence(
    category: CategoryGuess, alarms: tuple[Alarm, ...], demand: DemandGuess
) -> tuple[Evidence, ...]:
    """List the alarms, then the weightiest words for the category, then those for the demand type."""
    whole = sum(reason.weight for reason in category.reasons)
    strongest = sorted(category.reasons, key=lambda reason: -reason.weight)[:MOST_CATEGORY_WORDS]
    return (
        *(
            Evidence(word=alarm.word, about=f"紧急程度/{alarm.level}/{alarm.rule}", weight=1.0)
            for alarm in alarms
        ),
        *(
            Evidence(word=reason.word, about=reason.about, weight=round(reason.weight / whole, 3))
            for reason in strongest
        ),
        *(Evidence(word=word, about=f"业务类别/{demand.demand_type}", weight=1.0) for word in demand.words),
    )
