"""比什么：each figure of the bench, the product's way beside its peers', in one interleaved run."""

from collections.abc import Callable
from datetime import date
from functools import partial
from random import Random
from typing import Any

from django.http import QueryDict
from django.test import Client
from django.utils.timezone import localdate

from bench import hand, plain
from bench.meter import compete
from bench.words import Words
from huiyin.models import Assignment, Meeting, Person, Section, Suggestion
from huiyin.queries import figures, ledger
from huiyin.queries.actors import actor_of
from huiyin.queries.paging import Pages

Result = dict[str, Any]
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Field:
    """The people and the pages measured."""

    def __init__(self, *, rounds: int, repetitions: int) -> None:
        self.often: dict[str, Any] = {"rounds": rounds, "repetitions": repetitions}
        self.clerk = Person.objects.get(username="p0")
        self.unit = self.clerk.unit_id or 0
        self.actor = actor_of(self.clerk, localdate())
        self.size = Assignment.objects.count()
        self.ours, self.plain = Client(), plain.client(self.clerk)
        self.ours.force_login(self.clerk, backend=BACKEND)
        self.meeting = Meeting.objects.order_by("-year")[1]  # the last whole year
        self.section = Section.objects.order_by("order")[7]
        self.words = Words(Random(1))

    def get(self, address: str) -> bytes:
        return _read(self.ours.get(address))

    def get_plain(self, address: str) -> bytes:
        return _read(self.plain.get(address))


def _read(response: Any) -> bytes:
    assert response.status_code == 200, response.status_code
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def pages(field: Field) -> dict[str, Result]:
    """台账页: fifty rows and their count, in the ledger's own order."""
    start, end = date(field.meeting.year, 3, 1), date(field.meeting.year, 4, 30)
    word, middle = field.words.villages[5], field.size // 100
    section, unit = field.section.pk, field.unit
    found = {
        "page": ("page=1&size=50", "page=1", partial(hand.page, unit)),
        "page_section": (f"section={section}", f"section={section}", partial(hand.page, unit, "AND a.section_id = %s", section)),
        "page_dates": (
            f"assigned_on_from={start}&assigned_on_to={end}", f"from={start}&to={end}",
            partial(hand.page, unit, "AND a.assigned_on BETWEEN %s AND %s", start, end),
        ),
        "page_text": (
            f"q={word}", f"q={word}",
            partial(
                hand.page, unit, "AND (s.title LIKE %s OR s.text LIKE %s)", f"%{word}%", f"%{word}%", text=True
            ),
        ),
        "page_middle": (f"page={middle}&size=50", f"page={middle}", partial(hand.page, unit, offset=(middle - 1) * 50)),
    }  # fmt: skip
    return {name: _page(field, *one) for name, one in found.items()}


def _page(field: Field, ours: str, theirs: str, by_hand: Callable[[], Any]) -> Result:
    mine, plainly = field.get(f"/ledger/?{ours}").decode(), field.get_plain(f"/plain/?{theirs}").decode()
    assert mine.count("/items/") >= plainly.count("/items/"), ours  # the same rows
    return compete(
        {
            "ours": lambda: field.get(f"/ledger/?{ours}"),
            "plain": lambda: field.get_plain(f"/plain/?{theirs}"),
            "hand": by_hand,
        },
        **field.often,
    )


def statistics(field: Field) -> dict[str, Result]:
    """一年的数字 by section and by category: the same numbers, both ways."""
    scope, on = figures.Scope(field.meeting), field.actor.on
    found = {}
    for name, column in (("section", "a.section_id"), ("category", "s.category_id")):
        by = figures.BY_DIMENSION[name]
        mine = figures.breakdown(field.actor, scope, on, by)
        said = {
            one.value: {key: (rate.numerator, rate.denominator) for key, rate in one.rates.items()}
            for one in mine
        }
        theirs = hand.statistics(field.unit, field.meeting.pk, column, on)
        for group, rates in theirs.items():
            kept = said["null" if group is None else str(group)]
            assert {key: kept[key] for key in rates} == rates, (name, group)
        found[f"statistics_{name}"] = compete(
            {
                "ours": partial(figures.breakdown, field.actor, scope, on, by),
                "hand": partial(hand.statistics, field.unit, field.meeting.pk, column, on),
            },
            **field.often,
        )
    address = f"/figures/?meeting={field.meeting.pk}"
    found["statistics_page"] = compete({"ours": lambda: field.get(address)}, **field.often)
    return found


def frame(field: Field) -> dict[str, Result]:
    """页框: a page with next to nothing on it."""
    return {"frame": compete({"ours": lambda: field.get("/notices/")}, **field.often)}


def search(field: Field, each: int) -> dict[str, Result]:
    """查找: words of two and four characters out of the texts, titles and numbers; what LIKE finds is the truth."""
    random = Random(9)
    pks = random.sample(range(1, Suggestion.objects.count() + 1), 2 * each)
    rows = list(Suggestion.objects.filter(pk__in=pks).values_list("number", "title", "text"))
    found: dict[str, Result] = {}
    for name, words in (
        ("search_2", [_cut(random, text, 2) for _, _, text in rows[:each]]),
        ("search_4", [_cut(random, text, 4) for _, _, text in rows[each:]]),
        ("search_title", [_cut(random, title, 4) for _, title, _ in rows[:each]]),
        ("search_number", [number for number, _, _ in rows[:each]]),
    ):
        columns = ("number", "title", "text")
        recall, precision = _quality(field, words, columns)
        turn = _Turn(words)
        times = compete(
            {
                "ours": lambda turn=turn: _first_page(field, turn.ours()),  # type: ignore[misc]
                "like": lambda turn=turn, columns=columns: hand.like(turn.theirs(), *columns),  # type: ignore[misc]
            },
            rounds=field.often["rounds"], repetitions=max(field.often["repetitions"], len(words)),
        )  # fmt: skip
        found[name] = {**times, "recall": recall, "precision": precision, "words": len(words)}
    return found


class _Turn:
    """One word after the other, for each contestant by himself."""

    def __init__(self, words: list[str]) -> None:
        self.words, self.at = words, [0, 0]

    def _next(self, whose: int) -> str:
        self.at[whose] += 1
        return self.words[self.at[whose] % len(self.words)]

    def ours(self) -> str:
        return self._next(0)

    def theirs(self) -> str:
        return self._next(1)


def _cut(random: Random, text: str, length: int) -> str:
    at = random.randrange(len(text) - length)
    return text[at : at + length]


def _asked(field: Field, word: str) -> Any:
    told = QueryDict(mutable=True)
    told["q"] = word
    return ledger.found(field.actor, told).items


def _first_page(field: Field, word: str) -> int:
    shown = Pages(_asked(field, word), 50)
    return len(shown.page(1)) + shown.count


def _quality(field: Field, words: list[str], columns: tuple[str, ...]) -> tuple[float, float]:
    """召回率和准确率, the lowest of all words. Names of proposers are found too, and are no mistake."""
    recall = precision = 1.0
    for word in words:
        truth = hand.like(word, *columns)
        mine = set(_asked(field, word).order_by().values_list("suggestion", flat=True))
        named = set(
            Suggestion.objects.filter(confidential=False, proposers__name__contains=word).values_list(
                "pk", flat=True
            )
        )
        recall = min(recall, len(mine & truth) / len(truth) if truth else 1.0)
        precision = min(precision, len(mine & (truth | named)) / len(mine) if mine else 1.0)
    return recall, precision
