"""The KV cache of prompts: what a new prompt has in common with it, and what is kept, cut, copied and given up."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import torch
from cachetools import LRUCache
from numpy.typing import NDArray

from ghostproof.prover.engine.contract import OutOfMemory
from ghostproof.prover.engine.kvcache.memory import KV, Layout, Memory

Ids: TypeAlias = NDArray[np.int32]

# A tail is cut off, and computed again if it is wanted again, where that is cheap: a pass over up to about 180 tokens
# costs a GPU one read of the weights, as much as a pass over a single token; a CPU takes two to four times as long for
# 64 tokens as for one, and from there on as long as they are many. A branch takes the memory of the whole common part,
# so it must also save a fair share of it.
GPU_SHORT_TAIL, CPU_SHORT_TAIL = 256, 64
SMALL_PART = 4
BUCKET = 256  # tokens by which a trunk grows; at 480 KiB each, a 7B model without grouped heads, 120 MiB
ENDS = 32


class Trunk:
    """Keys and values of one token sequence, for any number of prompts that begin with the same tokens.

    Attributes:
        document: whose prompt was computed here last.
        holds: the requests and leaves that rely on it, each on its first `have` tokens.
    """

    def __init__(self, kv: KV, document: str) -> None:
        self.kv = kv
        self.document = document
        self.length = 0
        self.holds: set[TrunkHold] = set()
        self._ids: Ids = np.empty(kv.capacity, np.int32)
        self._ends: dict[int, torch.Tensor] = {}

    @property
    def ids(self) -> Ids:
        return self._ids[: self.length]

    def common(self, prompt: Ids) -> int:
        """Length of the longest common prefix."""
        length = min(self.length, len(prompt))
        differ = self._ids[:length] != prompt[:length]
        first = int(differ.argmax()) if length else 0
        return first if length and differ[first] else length

    def reserve(self, tokens: int) -> None:
        """Make room for `tokens` in all.

        Raises:
            OutOfMemory: nothing is lost.
        """
        if tokens > len(self._ids):
            self.kv.reserve(bucket(tokens), self.length)
            self._ids = np.resize(self._ids, self.kv.capacity)

    def append(self, ids: Ids) -> None:
        """Count in tokens whose keys and values were written."""
        end = self.length + len(ids)
        self._ids[self.length : end] = ids
        self.length = end

    def cut(self, length: int) -> None:
        self.length = length
        self._ends = {end: hidden for end, hidden in self._ends.items() if end <= length}

    def ended(self, length: int) -> torch.Tensor | None:
        """The last hidden state [hidden] of the first `length` tokens, where a prompt ended there."""
        return self._ends.get(length)

    def remember(self, length: int, hidden: torch.Tensor) -> None:
        """Keep the last hidden state of the first `length` tokens; a few kilobytes, which no budget counts."""
        self._ends[length] = hidden
        if len(self._ends) > ENDS:
            del self._ends[next(iter(self._ends))]


class TrunkHold:
    """A `contract.Hold` on a trunk.

    Attributes:
        prompt: all tokens that are wanted.
        have: how many of them this request has seen to be in the trunk; these stay there until the hold ends.
        cached: how many were there when it was asked for; not the last token where its logits are not kept.
        hidden: the last hidden state of the whole prompt, [hidden], once computed.
    """

    def __init__(self, trunk: Trunk, prompt: Ids, have: int, document: str) -> None:
        self.prompt = prompt
        self.document = document
        self._trunk = trunk
        trunk.holds.add(self)
        self.have = have
        self.hidden = trunk.ended(have) if have == len(prompt) else None
        self.cached = min(have, len(prompt) - self.missing)

    @property
    def trunk(self) -> Trunk:
        return self._trunk

    @property
    def ids(self) -> Sequence[int]:
        return [int(token) for token in self.prompt[: self.have]]

    @property
    def missing(self) -> int:
        return max(len(self.prompt) - self.have, 0 if self.hidden is not None else 1)

    def advance(self, end: int, hidden: torch.Tensor | None) -> None:
        """Count in the prompt's tokens up to `end`, whose keys and values are in the trunk now.

        Args:
            hidden: the hidden state [hidden] of the last of them, where it is known.
        """
        self._trunk.append(self.prompt[self._trunk.length : end])
        self.have = end
        if end == len(self.prompt) and hidden is not None:
            self.hidden = hidden
            self._trunk.remember(end, hidden)

    def move(self, trunk: Trunk) -> None:
        self._trunk.holds.discard(self)
        self._trunk = trunk
        trunk.holds.add(self)


class Trunks:
    """Every trunk there is. Those nobody holds are idle, and are given up when memory runs short, oldest use first.

    Args:
        budget: bytes that keys and values may take, those of leaves included.
    """

    def __init__(self, budget: int, layout: Layout) -> None:
        self._layout = layout
        self._short_tail = short_tail(layout.device)
        self._held: set[Trunk] = set()
        self._idle: LRUCache[int, Trunk] = LRUCache(budget, getsizeof=lambda trunk: trunk.kv.bytes)
        self.memory = Memory(budget, self.evict)

    def __iter__(self) -> Iterator[Trunk]:
        return iter((*self._held, *self._idle.values()))

    @property
    def idle_bytes(self) -> int:
        return int(self._idle.currsize)

    def begin(self, prompt: Ids, document: str) -> TrunkHold:
        """Hold the trunk that has most tokens in common with the prompt, with room for all of it.

        Raises:
            OutOfMemory
        """
        hold = self._hold_longest(prompt, document)
        try:
            self.settle(hold)
        except OutOfMemory:
            self.end(hold)
            raise
        return hold

    def share(self, hold: TrunkHold) -> TrunkHold:
        """Another hold on the same tokens, all of which must be there."""
        shared = TrunkHold(hold.trunk, hold.prompt, len(hold.prompt), hold.document)
        shared.hidden = hold.hidden
        return shared

    def settle(self, hold: TrunkHold) -> None:
        """Take over what others computed of the prompt; if tokens are still missing, the trunk ends where they follow.

        Others may write to a trunk between two calls, so it is called before every write.

        Raises:
            OutOfMemory: the hold is what it was.
        """
        trunk, prompt = hold.trunk, hold.prompt
        hold.have = max(hold.have, trunk.common(prompt))
        if hold.have == len(prompt):
            hold.hidden = hold.hidden if hold.hidden is not None else trunk.ended(hold.have)
        elif trunk.length == hold.have:
            trunk.reserve(len(prompt))
            trunk.document = hold.document
        elif self._may_cut(hold) and hold.document == trunk.document != "" and self._is_short(hold):
            self._cut(hold)
        else:
            self._branch(hold)

    def end(self, hold: TrunkHold) -> None:
        """Idempotent."""
        trunk = hold.trunk
        trunk.holds.discard(hold)
        if not trunk.holds and trunk in self._held:
            self._held.remove(trunk)
            if trunk.length:
                self._idle[id(trunk)] = trunk
            else:
                trunk.kv.free()

    def _hold_longest(self, prompt: Ids, document: str) -> TrunkHold:
        best, best_rank = None, (0, False, 0)
        for trunk in self:
            common = trunk.common(prompt)
            rank = (common, trunk.document == document, common - trunk.length)
            if common and rank > best_rank:
                best, best_rank = trunk, rank
        if best is None:
            best = Trunk(KV(self.memory, self._layout, bucket(len(prompt))), document)
        self._idle.pop(id(best), None)
        self._held.add(best)
        return TrunkHold(best, prompt, best_rank[0], document)

    def _is_short(self, hold: TrunkHold) -> bool:
        """Whether what a cut would lose is not worth a branch."""
        return hold.trunk.length - hold.have <= max(self._short_tail, hold.have // SMALL_PART)

    def _may_cut(self, hold: TrunkHold) -> bool:
        return all(other.have <= hold.have for other in hold.trunk.holds)

    def _cut(self, hold: TrunkHold) -> None:
        hold.trunk.cut(hold.have)
        hold.trunk.reserve(len(hold.prompt))
        hold.trunk.document = hold.document

    def _branch(self, hold: TrunkHold) -> None:
        """Copy what the hold has to a trunk of its own; where that finds no room, cut what nobody holds."""
        try:
            kv = KV(self.memory, self._layout, bucket(len(hold.prompt)))
        except OutOfMemory:
            if not self._may_cut(hold):
                raise
            self._cut(hold)
            return
        for new, old in zip(kv.layers, hold.trunk.kv.layers, strict=True):
            new[..., : hold.have, :].copy_(old[..., : hold.have, :])
        source, branch = hold.trunk, Trunk(kv, hold.document)
        branch.append(hold.prompt[: hold.have])
        self._held.add(branch)
        hold.move(branch)
        if not source.holds:
            self._held.remove(source)
            self._idle[id(source)] = source

    def evict(self) -> bool:
        """Give the idle trunk up that was used least recently; false when none is idle."""
        if not self._idle:
            return False
        _, trunk = self._idle.popitem()
        trunk.kv.free()
        return True


def bucket(tokens: int) -> int:
    """The room that so many tokens are given: the next multiple of `BUCKET`."""
    return -(-tokens // BUCKET) * BUCKET


def short_tail(device: torch.device) -> int:
    """Tokens that are not worth a branch on the device, whatever they have in front of them."""
    return CPU_SHORT_TAIL if device.type == "cpu" else GPU_SHORT_TAIL
