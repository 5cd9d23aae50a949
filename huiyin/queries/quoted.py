"""文中所引的数字 (R66, R73): each figure a paper of the year may quote: its value now, its words, and the rows behind it.

A key names one figure: those of `figures` ("total", "completion", "completion.num", "returned_forms.not" for what the
denominator has and the numerator not), those of a day ("at.late", "at.late:3" of a section), what is new since the last
bulletin ("new.replied"), and rows beside the items ("contacts.before", "promises.due", "opinions.waiting"). Names are
quoted the same way: "item:17" is its number, "category:3" its name.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from django.db.models import BooleanField, Case, Q, When
from django.db.models import Count as Size
from django.db.models import Value as Literal

from huiyin.models import Assignment, Category, CoOpinion, Section
from huiyin.queries import figures, promises
from huiyin.queries.figures import Scope
from huiyin.queries.formulas import BY_KEY, MAIN
from huiyin.queries.quotable import ROWS, Behind, Pick, beside, item_rows, picks, promise_rows
from huiyin.rules.dates import zh
from huiyin.rules.permissions import Actor
from huiyin.rules.quantities import quantities
from huiyin.rules.shares import percent

AT_ONCE = 40  # counts of one query
OF_ITEM = {"item", "quantity", "days", "early"}


class Quoted:
    """一篇文稿所引的数字, counted for who reads it on the paper's day; many of them in few queries."""

    def __init__(self, actor: Actor, scope: Scope, on: date, since: date | None = None) -> None:
        self.actor, self.scope, self.on, self.since = actor, scope, on, since
        self._known: dict[str, str | None] = {}
        self._read: dict[int, Assignment | None] = {}

    @cached_property
    def items(self) -> figures.Items:
        return figures.counted_items(self.actor, self.scope)

    @cached_property
    def main(self) -> figures.Items:
        """件, without the rounds of re-handling."""
        return self.items.filter(MAIN)

    @cached_property
    def picks(self) -> dict[str, Pick]:
        """All choices of items by their keys, without a section."""
        return picks(self.on, self.since)

    # 值

    def load(self, keys: Iterable[str]) -> None:
        """Count what these keys ask of the items, many at once; read the items they name."""
        keys = list(keys)
        named = {pk for key in keys if (pk := item_of(key))} - set(self._read)
        rows = self.items.filter(pk__in=named).select_related("suggestion")
        rows = rows.prefetch_related("activities", "replies__version")
        self._read |= dict.fromkeys(named) | {one.pk: one for one in rows}
        asked = [key for key in dict.fromkeys(keys) if key not in self._known and self._pick(key)]
        for start in range(0, len(asked), AT_ONCE):
            self._count(asked[start : start + AT_ONCE])

    def _count(self, keys: list[str]) -> None:
        sizes = {}
        for place, key in enumerate(keys):
            pick = self._pick(key)
            assert pick is not None
            both = pick.counted if pick.among is None else pick.counted & pick.among
            sizes[f"n{place}"] = Size(Literal(1), filter=both)
            if pick.among is not None:
                sizes[f"d{place}"] = Size(Literal(1), filter=pick.among)
        row = self.items.aggregate(**sizes)
        for place, key in enumerate(keys):
            number, below = row[f"n{place}"], row.get(f"d{place}")
            if below is None:
                self._known[key] = str(number)
            elif self._not(key):
                self._known[key] = str(below - number)
            else:
                self._known[key] = figures.short(percent(number, below))

    def value(self, key: str) -> str | None:
        """The figure as it is printed; None for a key that is no figure (any more)."""
        if key not in self._known:
            self.load([key])
        if key not in self._known:
            self._known[key] = self._other(key)
        return self._known[key]

    def _other(self, key: str) -> str | None:
        if key in ("on", "since"):
            day = self.on if key == "on" else self.since
            return zh(day) if day else None
        if key == "promises":
            kept, due = promises.rate(self.actor, self.scope, self.on)
            return figures.short(percent(kept, due))
        if rows := self._rows(key):
            return str(rows.rows.count())
        kind, _, rest = key.partition(":")
        return _name(kind, rest, self) if rest else None

    @staticmethod
    def _not(key: str) -> bool:
        return key.partition(":")[0].endswith(".not")

    def _pick(self, key: str) -> Pick | None:
        """The choice of a key, narrowed to its section; of a rate's rest, the rate's."""
        name, _, section = key.partition(":")
        inverse = self._not(key)
        pick = self.picks.get(name.removesuffix(".not") if inverse else name)
        if pick is None or (inverse and pick.among is None):
            return None
        if not section:
            return pick
        if not name.startswith("at.") or not (section == "null" or _key(section)):
            return None
        of = Q(section__isnull=True) if section == "null" else Q(section_id=_key(section))
        return Pick(
            pick.label,
            pick.words,
            pick.unit,
            pick.counted & of,
            None if pick.among is None else pick.among & of,
        )

    # 件

    def item(self, pk: int) -> Assignment | None:
        """An item that one of the loaded keys names."""
        return self._read.get(pk)

    def behind(self, key: str) -> Behind | None:
        """The rows behind a figure: as many as it says; of a rate those it divides by, each counted or not."""
        pick = self._pick(key)
        if pick is None:
            return self._of_category(key) or (self._promised() if key == "promises" else self._rows(key))
        label, words = pick.label, pick.words
        if key in BY_KEY:
            words = figures.rates(self.actor, self.scope, self.on)[key].words  # as the items' profiles count
        if self._not(key):
            assert pick.among is not None
            found = self.items.filter(pick.among).exclude(pk__in=self.items.filter(pick.counted).values("pk"))
            return item_rows(f"{label}的分母里没有计入分子的", words, pick.unit, found)
        if pick.among is None:
            return item_rows(label, words, pick.unit, self.items.filter(pick.counted))
        among = self.items.filter(pick.among).annotate(
            counted=Case(When(pick.counted, then=True), default=False, output_field=BooleanField())
        )
        return item_rows(label, words, pick.unit, among, rate=True)

    def _of_category(self, key: str) -> Behind | None:
        name = self.value(key) if key.startswith("category:") else None
        if not name:
            return None
        items = self.main.filter(suggestion__category=_key(key.partition(":")[2]))
        return item_rows(name, f"内容分类为“{name}”的件", "件", items)

    def label(self, key: str) -> str:
        """What a figure is, in a few words."""
        name, _, rest = key.partition(":")
        if pick := self._pick(key):
            who = ""
            if rest:
                who = self._sections.get(_key(rest), "未定科室")
            return f"{who}{pick.label}{'以外的' if self._not(key) else ''}"
        if key in NAMES or name in NAMES:
            return NAMES.get(key) or NAMES[name]
        rows = self._rows(key)
        return rows.label if rows else key

    def unit(self, key: str) -> str:
        if self._not(key):
            return "件"
        if pick := self._pick(key):
            return "" if pick.among is not None else pick.unit
        rows = None if key in NAMES else self._rows(key)
        return rows.unit if rows else ""

    @cached_property
    def _sections(self) -> dict[int, str]:
        return dict(Section.objects.filter(unit_id=self.actor.unit_id or 0).values_list("pk", "short_name"))

    def _promised(self) -> Behind:
        due = promises.behind(self.actor, self.scope, "due", self.on)
        kept = promises.behind(self.actor, self.scope, "kept", self.on).values("pk")
        rows = due.annotate(
            counted=Case(When(pk__in=kept, then=True), default=False, output_field=BooleanField())
        )
        return promise_rows("承诺落实率", "已落实的承诺项数 ÷ （已落实＋已到期未落实项数）", rows, rate=True)

    def _rows(self, key: str) -> Behind | None:
        """Rows beside the items."""
        build = ROWS.get(key)
        return build(self) if build else None


NAMES = {
    "on": "统计截至", "since": "上期截至", "item": "件的编号", "category": "内容分类", "quantity": "答复里的量",
    "days": "逾期天数", "early": "提前天数", "waited": "协办意见逾期天数", "promises": "承诺落实率",
}  # fmt: skip


def _name(kind: str, rest: str, of: Quoted) -> str | None:
    """A name or a number of one item, one category, one opinion."""
    pk, _, words = rest.partition(":")
    if not _key(pk):
        return None
    if kind == "category":
        return Category.objects.filter(pk=int(pk)).values_list("name", flat=True).first()
    if kind == "waited":
        return _waited(beside(CoOpinion, of, pk=int(pk)).first(), of.on)
    of.load([f"item:{pk}"])
    item = of.item(int(pk))
    return _of_item(kind, words, item, of.on) if item else None


def _of_item(kind: str, words: str, item: Assignment, on: date) -> str | None:
    if kind == "item":
        return f"第{item.suggestion.number}号"
    if kind == "quantity":
        return words if words in {one.words for one in quantities(told_by(item))} else "（无）"
    if kind == "days" and item.due_on:
        waits = item.replied_on is None or item.replied_on > on or item.running_on is not None
        return f"{max(0, (on - item.due_on).days) if waits else 0}天"
    if kind == "early" and item.due_on and item.replied_on:
        return f"{(item.due_on - item.replied_on).days}天"
    return None


def _waited(opinion: CoOpinion | None, on: date) -> str | None:
    """协办意见逾期的天数."""
    if opinion is None:
        return None
    got = opinion.received_on
    return f"{max(0, (on - opinion.due_on).days) if got is None or got > on else 0}天"


def told_by(item: Assignment) -> str:
    """件里说办了什么的文字: the reply's text and what its activities found."""
    parts = [item.reply.version.clean_body()] if item.reply else []
    return "\n".join([*parts, *(one.findings for one in item.activities.all())])


def item_of(key: str) -> int:
    """The item a name or a quantity stands for; 0 for other figures."""
    kind, _, rest = key.partition(":")
    return _key(rest.partition(":")[0]) if kind in OF_ITEM else 0


def _key(words: str) -> int:
    """A primary key; 0 for anything else."""
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 19 else 0
