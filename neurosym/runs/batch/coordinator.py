"""The coordinator of a run: which attempt is next, what came of it, and when a problem is done."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

from neurosym.runs.batch.base import (
    MOST_TRIES,
    Attempt,
    Configuration,
    Done,
    Executor,
    Lost,
    Task,
    deflated,
)
from neurosym.runs.batch.ledger import Kept, Key, Ledger, Problem
from neurosym.runs.items import Item
from neurosym.runs.keys import canonical
from neurosym.runs.survey import written
from provers.base import CONCLUSIVE

_PAGE: Final = 1_000
_FLUSH_SECONDS: Final = 0.5
_FLUSH_ROWS: Final = 256
_TELL_SECONDS: Final = 0.25
_WAIT_SECONDS: Final = 0.25
_CONCLUSIVE: Final = frozenset(str(outcome) for outcome in CONCLUSIVE)

End: TypeAlias = Literal["done", "seconds", "tokens"]


@dataclass(slots=True)
class Progress:
    """How far a run is. ``earlier`` of the ``done`` problems were finished before it was resumed.

    ``flying`` attempts are being made; ``seconds`` count from this beginning, ``tokens`` are all
    that were generated; ``outcomes`` count the finished problems.
    """

    total: int
    done: int = 0
    earlier: int = 0
    solved: int = 0
    attempts: int = 0
    flying: int = 0
    tokens: int = 0
    seconds: float = 0.0
    reading: bool = True
    outcomes: Counter[str] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Problems finished a second since this beginning."""
        return (self.done - self.earlier) / self.seconds if self.seconds > 0 else 0.0

    @property
    def left_seconds(self) -> float | None:
        """When it will be done at this rate; None where that cannot be told."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None


Tell: TypeAlias = Callable[[Progress], None]


class _Made(Protocol):
    """What the coordinator has to know of an attempt, kept or just made."""

    @property
    def sample(self) -> int: ...
    @property
    def outcome(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def answer(self) -> str | None: ...
    @property
    def solved(self) -> bool: ...
    @property
    def final(self) -> bool: ...
    @property
    def prover(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def prover_seconds(self) -> float: ...
    @property
    def tokens(self) -> int: ...


@dataclass(slots=True)
class _Open:
    """A problem whose attempts are being made; ``lined_up`` are the samples on their way."""

    position: int
    item: Item
    made: dict[int, _Made]
    lined_up: set[int] = field(default_factory=set)
    given_up: bool = False


class Coordinator:
    """One run, from where its ledger stands to its end.

    Attempts are made in the inputs' order; with early stop or a budget for each problem, those at
    one problem follow each other, and other problems keep the workers busy meanwhile. Memory does
    not grow with the inputs.
    """

    def __init__(
        self,
        problems: Iterable[Item],
        total: int,
        configuration: Configuration,
        ledger: Ledger,
        executor: Executor,
        tell: Tell = lambda progress: None,
        *,
        seconds: float | None = None,
        tokens: int | None = None,
    ) -> None:
        """``problems`` are all items of the inputs in order, ``total`` is how many those are.

        ``seconds`` from now and ``tokens`` in all are the run's budget, None without one.
        """
        self._problems = problems
        self._configuration = configuration
        self._ledger = ledger
        self._executor = executor
        self._tell = tell
        self._seconds = seconds
        self._tokens = tokens
        self._in_turn = (
            configuration.early_stop
            or configuration.problem_seconds is not None
            or configuration.problem_tokens is not None
        )
        self._open: dict[int, _Open] = {}
        self._next: deque[Task] = deque()
        self._attempts: list[tuple[int, Attempt]] = []
        self._ended: list[Problem] = []
        self._deaths: dict[Key, tuple[int, str]] = {}
        self._start = self._flushed = self._told = time.monotonic()
        self.progress = Progress(total)

    def run(self) -> End:
        """Make all attempts that are left, as far as the budgets reach; why it ended.

        Raises InputError where the inputs cannot be read, BrokenToolError where the ledger cannot
        be written or no worker be kept alive, and MissingToolError. What was made by then is kept,
        also when it is interrupted.
        """
        self._count()
        self._deaths = self._ledger.deaths()
        fresh = self._fresh()
        try:
            while True:
                spent = self._spent()
                if not spent:
                    self._fill(fresh)
                if not self.progress.flying:
                    return spent or "done"
                events = self._executor.wait(_WAIT_SECONDS)
                if spent and not events and self._overdue():
                    return spent
                for event in events:
                    match event:
                        case Done(task, attempt):
                            self._take(task, attempt)
                        case Lost(task, why, blamed):
                            self._take_loss(task, why, blamed)
                self._say()
        finally:
            self._flush()
            self._say(at_once=True)

    # --- what is next ------------------------------------------------------------------------

    def _count(self) -> None:
        """Count what was finished before."""
        for row in self._ledger.totals():
            self.progress.earlier += row.number
            self.progress.done += row.number
            self.progress.solved += row.solved
            self.progress.outcomes[row.outcome] += row.number
        self.progress.attempts, self.progress.tokens = self._ledger.spent()

    def _fresh(self) -> Iterator[_Open]:
        """The problems that are not finished, with the attempts at them that are kept."""
        ended: frozenset[int] = frozenset()
        kept: dict[int, list[Kept]] = {}
        for position, item in enumerate(self._problems):
            if position % _PAGE == 0:
                ended = self._ledger.ended(position, _PAGE)
                kept = self._ledger.kept(position, _PAGE)
            if position not in ended:
                made: dict[int, _Made] = {one.sample: one for one in kept.get(position, ())}
                yield _Open(position, item, made)
        self.progress.reading = False

    def _fill(self, fresh: Iterator[_Open]) -> None:
        """Give the executor as much as it has room for."""
        while self._executor.room > 0:
            if not self._next:
                problem = next(fresh, None)
                if problem is None:
                    return
                self._open[problem.position] = problem
                self._carry_on(problem)
                continue
            task = self._next.popleft()
            problem = self._open[task.position]
            if self._stopped(problem) is None:
                self.progress.flying += 1
                self._executor.submit(task)
            else:  # another sample has settled it meanwhile
                problem.lined_up.discard(task.sample)
                self._carry_on(problem)

    def _carry_on(self, problem: _Open) -> None:
        """Line up the problem's next attempts; with none left, it is finished."""
        stopped = self._stopped(problem)
        if stopped is not None:
            if not problem.lined_up:
                self._end(problem, stopped)
            return
        left = [
            sample
            for sample in range(self._wanted(problem))
            if sample not in problem.made and sample not in problem.lined_up
        ]
        if self._in_turn:
            left = [] if problem.lined_up else left[:1]
        for sample in left:
            self._line_up(problem, self._task(problem, sample))

    def _wanted(self, problem: _Open) -> int:
        """How many attempts to make: of recorded samples, at most as many as there are."""
        samples = self._configuration.samples
        recorded = problem.item.samples
        return samples if recorded is None else min(samples, recorded)

    def _line_up(self, problem: _Open, task: Task) -> None:
        problem.lined_up.add(task.sample)
        self._next.append(task)

    def _task(self, problem: _Open, sample: int) -> Task:
        seconds, tokens = self._configuration.problem_seconds, self._configuration.problem_tokens
        made = problem.made.values()
        if seconds is not None:
            seconds = max(0.0, seconds - sum(one.seconds for one in made))
        if tokens is not None:
            tokens = max(0, tokens - sum(one.tokens for one in made))
        return Task(problem.position, problem.item, sample, seconds, tokens)

    def _stopped(self, problem: _Open) -> str | None:
        """Why no more attempts are made at the problem; None while some are."""
        made = problem.made.values()
        budget = self._configuration
        if problem.given_up:
            return "given_up"
        if any(one.final for one in made):
            return "final"
        if budget.early_stop and any(one.solved for one in made):
            return "solved"
        if len(made) >= self._wanted(problem):
            return "all"
        if (
            budget.problem_seconds is not None
            and sum(one.seconds for one in made) >= budget.problem_seconds
        ):
            return "seconds"
        if (
            budget.problem_tokens is not None
            and sum(one.tokens for one in made) >= budget.problem_tokens
        ):
            return "tokens"
        return None

    # --- what came of it ---------------------------------------------------------------------

    def _take(self, task: Task, attempt: Attempt) -> None:
        problem = self._land(task)
        if attempt.again:
            tries = self._tried(task, _told(attempt))
            if tries < MOST_TRIES:
                self._line_up(problem, task)
                return
            problem.given_up = True
        self._keep(problem, attempt)

    def _take_loss(self, task: Task, why: str, blamed: bool) -> None:
        problem = self._land(task)
        if not blamed or self._tried(task, why) < MOST_TRIES:
            self._line_up(problem, task)
            return
        problem.given_up = True
        text = f"given up: its worker died {MOST_TRIES} times, the last time of this: {why}"
        output = {
            "id": problem.item.id,
            "outcome": "failed",
            "messages": [{"text": text, "severity": "error"}],
        }
        lost = Attempt(
            task.sample,
            "failed",
            "crash",
            False,
            None,
            "",
            0.0,
            0.0,
            0,
            False,
            False,
            deflated(output),
        )
        self._keep(problem, lost)

    def _land(self, task: Task) -> _Open:
        problem = self._open[task.position]
        problem.lined_up.discard(task.sample)
        self.progress.flying -= 1
        return problem

    def _tried(self, task: Task, why: str) -> int:
        """Count one more try that broke something."""
        tries = self._deaths.get(task.key, (0, ""))[0] + 1
        self._deaths[task.key] = (tries, why)
        self._ledger.write_death(task, tries, why)
        return tries

    def _keep(self, problem: _Open, attempt: Attempt) -> None:
        problem.made[attempt.sample] = attempt
        self._attempts.append((problem.position, attempt))
        self.progress.attempts += 1
        self.progress.tokens += attempt.tokens
        self._carry_on(problem)

    def _end(self, problem: _Open, stopped: str) -> None:
        tries = sum(self._deaths.pop((problem.position, s), (0,))[0] for s in problem.made)
        ended = conclude(
            problem.position, problem.item, list(problem.made.values()), tries, stopped
        )
        del self._open[problem.position]
        self._ended.append(ended)
        self.progress.done += 1
        self.progress.solved += ended.solved
        self.progress.outcomes[ended.outcome] += 1
        if stopped == "given_up":
            self.progress.given_up = [*self.progress.given_up[-9:], ended.id]

    def _flush(self) -> None:
        """Write what was made. Raises BrokenToolError."""
        made, ended = self._attempts, self._ended
        self._attempts, self._ended = [], []
        self._flushed = time.monotonic()
        self._ledger.write(made, ended)

    # --- time --------------------------------------------------------------------------------

    def _spent(self) -> End | None:
        """Which of the run's budgets is spent."""
        if self._seconds is not None and time.monotonic() - self._start >= self._seconds:
            return "seconds"
        if self._tokens is not None and self.progress.tokens >= self._tokens:
            return "tokens"
        return None

    def _overdue(self) -> bool:
        """Whether what is in the air at the end of the run's time is left to a later beginning."""
        late = time.monotonic() - self._start - (self._seconds or 0.0)
        return self._seconds is not None and late > self._configuration.seconds

    def _say(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        rows = len(self._attempts) + len(self._ended)
        if rows >= _FLUSH_ROWS or (rows and now - self._flushed >= _FLUSH_SECONDS):
            self._flush()
        if at_once or now - self._told >= _TELL_SECONDS:
            self._told = now
            self.progress.seconds = now - self._start
            self._tell(self.progress)


def conclude(position: int, item: Item, made: Sequence[_Made], tries: int, stopped: str) -> Problem:
    """What the attempts at a problem come to.

    The answer is the one that most conclusive attempts have, the earliest among equals (LINC,
    section 3; self-consistency, Wang et al. 2023), without regard to the gold answer. Without any
    conclusive attempt it is what the first one says.
    """
    made = sorted(made, key=lambda one: one.sample)
    deciding = [one for one in made if one.outcome in _CONCLUSIVE]
    votes = Counter(_vote(one) for one in deciding)
    most = max(votes.values(), default=0)
    chosen = next((one for one in deciding if votes[_vote(one)] == most), made[0])
    origin = item.origin
    return Problem(
        position=position,
        id=item.id,
        form=origin.form,
        kind=item.kind,
        file=origin.file,
        line=origin.line,
        digest=digest(item),
        gold=item.gold,
        outcome=chosen.outcome,
        reason=chosen.reason,
        answer=chosen.answer,
        correct=None if item.gold is None or chosen.answer is None else chosen.answer == item.gold,
        solved=any(one.solved for one in made),
        chosen=chosen.sample,
        votes=most,
        attempts=len(made),
        successes=sum(one.solved for one in made),
        prover=chosen.prover,
        seconds=sum(one.seconds for one in made),
        prover_seconds=sum(one.prover_seconds for one in made),
        tokens=sum(one.tokens for one in made),
        tries=tries,
        stopped=stopped,
    )


def _vote(made: _Made) -> str:
    return made.outcome if made.answer is None else f"={made.answer}"


def digest(item: Item) -> str:
    """SHA-256 of what is asked, so that the same problem is known again in another run."""
    content = [item.kind, written(item.payload), item.gold, item.bad]
    return hashlib.sha256(canonical(content)).hexdigest()


def _told(attempt: Attempt) -> str:
    """Why a tool broke, in its own words."""
    messages = attempt.output.get("messages") or [{"text": attempt.reason or attempt.outcome}]
    first = messages[0]
    return str(first.get("text", "") if isinstance(first, dict) else first)
