"""完好情况: what a recording is after the files of its pieces were looked at again."""

from dataclasses import replace

from recordings.gaps import gap_of_piece, words_of
from recordings.model import Codec, Condition, Gap, GapReason, Piece, Recording, RecordingState

_REASONS = {Condition.MISSING: GapReason.MISSING, Condition.CHANGED: GapReason.CHANGED}
_OVER = (RecordingState.EXPIRED, RecordingState.DELETED)


def with_pieces(recording: Recording, pieces: tuple[Piece, ...]) -> Recording:
    """Give the recording with its pieces as they are now; its gaps and its state follow from them.

    A gap that was declared when the call ended stays; one of a file that was lost is closed when the
    file is back.
    """
    closed = {_gap_of(piece) for piece in recording.pieces}
    kept = [gap for gap in recording.gaps if gap not in closed]
    gaps = tuple(sorted([*kept, *filter(None, map(_gap_of, pieces))], key=lambda gap: gap.from_at))
    return replace(
        recording,
        pieces=pieces,
        gaps=gaps,
        gap=words_of(gaps),
        state=_state_of(recording.state, pieces),
    )


def announced(recording: Recording) -> Recording:
    """Give a recording that a sweep found, once others are told of it."""
    return replace(recording, state=_state_of(RecordingState.READY, recording.pieces))


def is_lost(piece: Piece) -> bool:
    """Whether a file that there was is not there any more, or not as it was."""
    return piece.condition is not Condition.WHOLE and bool(piece.sha256)


def _gap_of(piece: Piece) -> Gap | None:
    return gap_of_piece(piece, _REASONS[piece.condition]) if is_lost(piece) else None


def _state_of(before: RecordingState, pieces: tuple[Piece, ...]) -> RecordingState:
    if before in _OVER:
        return before
    if any(map(is_lost, pieces)):
        return RecordingState.DAMAGED
    codecs = {piece.codec for piece in pieces if piece.bytes}
    if codecs == {Codec.FLAC} and before is not RecordingState.ADOPTED:
        return RecordingState.COMPRESSED
    return RecordingState.READY if before is RecordingState.DAMAGED else before
