"""When a host is asked again; time here passes only where something waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dossier.fetching import Fetched
from dossier.pacing import LONGEST, LeftAloneError, Pace, retry_after

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
PAGE = "https://a.example/page"


class Day:
    """A clock that waiting moves on, and what was waited."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def pace(self, pause: float = 2.0) -> Pace:
        return Pace(pause, lambda: self.time, self.sleep, lambda: NOON)


@pytest.fixture
def day() -> Day:
    return Day()


def answers(pace: Pace, *given: Fetched) -> tuple[Callable[[str], Fetched], list[str]]:
    """What an address answers, one after another, asked as the command asks it."""
    left: Iterator[Fetched] = iter(given)
    asked: list[str] = []

    def fetch(address: str) -> Fetched:
        pace.wait("a.example")
        asked.append(address)
        return next(left)

    return fetch, asked


def busy(status: int = 429, after: str = "") -> Fetched:
    return Fetched(PAGE, status, b"", retry_after=after)


def test_a_host_is_given_a_pause(day: Day) -> None:
    """A host is asked at once, then not before the pause is over; another is not waited for."""
    pace = day.pace()
    pace.wait("a.example")
    pace.wait("b.example")
    assert day.slept == []
    day.time += 0.5
    pace.wait("a.example")
    assert day.slept == [1.5]
    day.time += 5
    pace.wait("a.example")
    assert day.slept == [1.5]


def test_without_a_pause_nothing_waits(day: Day) -> None:
    """A pause of no seconds is none."""
    pace = day.pace(0.0)
    for _ in range(3):
        pace.wait("a.example")
    assert day.slept == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_time_that_is_named_is_waited(day: Day, status: int) -> None:
    """A host that says when it may be asked again is asked then, once."""
    pace = day.pace()
    fetch, asked = answers(pace, busy(status, "30"), Fetched(PAGE, 200, b"here"))
    assert pace.ask(PAGE, fetch).body == b"here"
    assert (asked, day.slept) == ([PAGE, PAGE], [30.0])
    # A shorter time than the pause does not shorten it.
    fetch, asked = answers(pace, busy(status, "1"), Fetched(PAGE, 200, b"here"))
    pace.ask(PAGE, fetch)
    assert day.slept == [30.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("given", "times"),
    [
        ([busy(429)], 1),
        ([busy(429, "soon")], 1),
        ([busy(429, f"{LONGEST + 1:.0f}")], 1),
        ([busy(503, "9" * 4000)], 1),
        ([busy(429, "5"), busy(503)], 2),
    ],
)
def test_who_refuses_is_left_alone(day: Day, given: list[Fetched], times: int) -> None:
    """A host that refuses twice, for long or for no named time is not asked again in a run."""
    pace = day.pace()
    fetch, asked = answers(pace, *given)
    assert pace.ask(PAGE, fetch).status in (429, 503)
    assert len(asked) == times
    assert sum(day.slept) <= LONGEST
    with pytest.raises(LeftAloneError, match=r"a\.example asked not to be asked"):
        pace.ask(PAGE, fetch)
    assert len(asked) == times
    pace.wait("b.example")


def test_a_page_that_is_out_of_order(day: Day) -> None:
    """A 503 that names no time may be of one page: others of the host are asked."""
    pace = day.pace()
    fetch, asked = answers(pace, busy(503), Fetched(PAGE, 200, b"here"))
    assert pace.ask(PAGE, fetch).status == 503
    assert pace.ask(PAGE, fetch).status == 200
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90.0),
        ("Sun Mar  1 12:01:30 2026", 90.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("Sun, 99 Mar 2026 12:00:00 GMT", None),
    ],
)
def test_what_a_host_asks_for(header: str, seconds: float | None) -> None:
    """Seconds or a date, in any of the three forms of RFC 9110; what is neither says nothing."""
    assert retry_after(header, NOON) == seconds


def test_by_itself_it_reads_the_clock_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no clock is given, it is that of this machine, and waiting is sleeping."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    pace = Pace(3600.0)
    pace.wait("a.example")
    pace.wait("a.example")
    assert len(slept) == 1
    assert pace.now() - datetime.now(UTC) < timedelta(days=1)
