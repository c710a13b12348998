"""Where a candidate is complete: at its stop strings, or where its tactic ends. Engine and client cut alike."""

from ghostproof.prover.protocol import Stop, StopRule
from ghostproof.syntax.tactic_end import TacticEnd


def candidate_end(text: str, stop: Stop, *, final: bool = False) -> int | None:
    """Offset at which a candidate is complete by `stop`: its strings and its rule; None while it may still go on.

    With `final` an end is always found: that of the text where nothing else ends it.
    """
    watch = CandidateEnd(stop)
    end = watch.push(text)
    return watch.finish() if end is None and final else end


class CandidateEnd:
    """Watches a candidate as it is written, for where it is complete by its stop strings and its rule.

    What it costs grows with the text, not with the number of its pieces.
    """

    def __init__(self, stop: Stop) -> None:
        self._strings = [string for string in stop.strings if string]
        self._keep = max((len(string) for string in self._strings), default=1) - 1
        self._tail = ""  # of the text so far: a stop string may have begun there
        self._length = 0
        self._before = len(stop.before)
        self._tactic = TacticEnd(stop.column) if stop.rule is StopRule.TACTIC else None
        self._end = self._read(stop.before)

    def push(self, piece: str) -> int | None:
        """Offset of the end in all the text so far, once there is one: it does not change any more."""
        if self._end is None:
            known = self._length - len(self._tail)
            text = self._tail + piece
            stop = min((at for string in self._strings if (at := text.find(string)) >= 0), default=None)
            self._end = self._read(piece if stop is None else text[len(self._tail) : stop])
            self._length += len(piece)
            self._tail = text[max(0, len(text) - self._keep) :] if self._keep else ""
            if stop is not None and self._end is None:
                self._end = self._over(known + stop)
        return self._end

    def finish(self) -> int:
        """Where it ends when nothing more comes."""
        if self._end is None:
            self._end = self._over(self._length)
        return self._end

    def _read(self, piece: str) -> int | None:
        end = self._tactic.push(piece) if self._tactic else None
        return None if end is None else max(0, end - self._before)

    def _over(self, length: int) -> int:
        # The beginning of a stop string may have been read already: it belongs to nothing.
        return max(0, self._tactic.finish(self._before + length) - self._before) if self._tactic else length
