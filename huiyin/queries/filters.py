"""台账各列的筛选 (S16): what a column can be asked, in the words of an address, and the items it then picks.

A filter reads its part of the address (`number=082`, `section=3&section=null`, `due_on_from=2020-08-01`), says it in
words, and gives the pick as a `Q` of items. A value that is no value of the column is an error in a sentence.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import QueryDict

from huiyin.rules.permissions import Actor

NONE, SOME = "null", "any"  # 空, 不空
EMPTINESS = {NONE: "空", SOME: "不空"}
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d")
LONGEST = 200

Where = Callable[[Actor, Q], Q]
Options = Callable[[Actor], list[tuple[str, str]]]


class WrongFilter(ValueError):  # noqa: N818
    """筛选条件写得不对, in a sentence."""


@dataclass(frozen=True)
class Asked:
    """一列问了什么：its pick, the words after the column's label, and which parts of the address say so."""

    pick: Q
    words: str
    names: tuple[str, ...]


def here(_: Actor, pick: Q) -> Q:
    """The values stand on the item itself, or on what it points to."""
    return pick


@dataclass(frozen=True)
class Filter:
    """一列怎样筛选. `where` turns a pick of the rows that hold the values into a pick of items."""

    kind = ""
    paths: tuple[str, ...] = ()
    where: Where = here
    blank: bool = True  # a text column, whose empty value is ""

    def ask(self, actor: Actor, key: str, told: QueryDict) -> Asked | None:
        """What the address asks of this column; None for nothing. Raises WrongFilter."""
        raise NotImplementedError

    def filled(self, actor: Actor) -> Q:
        """不空."""
        one = [
            Q(**{f"{path}__isnull": False}) & (~Q(**{path: ""}) if self.blank else Q()) for path in self.paths
        ]
        return self.where(actor, reduce(or_, one))

    def _emptiness(self, actor: Actor, key: str, told: QueryDict) -> Asked | None:
        way = told.get(f"{key}_is", "")
        if way not in EMPTINESS:
            return None
        found = self.filled(actor)
        return Asked(found if way == SOME else ~found, f"为{EMPTINESS[way]}", (f"{key}_is",))


@dataclass(frozen=True)
class Text(Filter):
    """文字：every word is somewhere in it."""

    kind = "text"

    def ask(self, actor: Actor, key: str, told: QueryDict) -> Asked | None:
        words = told.get(key, "").strip()
        if not words:
            return self._emptiness(actor, key, told)
        if "\0" in words or len(words) > LONGEST:
            raise WrongFilter(f"要找的字不超过{LONGEST}个，不能有控制字符")
        pick = Q()
        for word in words.split():
            pick &= reduce(or_, (Q(**{f"{path}__icontains": word}) for path in self.paths))
        return Asked(self.where(actor, pick), f"含“{words}”", (key,))


@dataclass(frozen=True)
class Choice(Filter):
    """从几项里选，可选几项；"null" is none of them, "any" some of them. `each` gives the picks where no column holds the
    value."""

    kind = "choice"
    options: Options = field(default=lambda _: [])
    each: Mapping[str, Callable[[date], Q]] | None = None

    def ask(self, actor: Actor, key: str, told: QueryDict) -> Asked | None:
        values = [one for one in dict.fromkeys(told.getlist(key)) if one]
        if not values:
            return None
        labels = dict(self.options(actor)) | {NONE: "（空）", SOME: "（不空）"}
        if strange := [one for one in values if one not in labels]:
            raise WrongFilter(f"没有“{strange[0][:20]}”这一项")
        said = "、".join(labels[one] for one in values)
        return Asked(reduce(or_, self._picks(actor, values)), said, (key,))

    def _picks(self, actor: Actor, values: list[str]) -> Iterator[Q]:
        plain = [one for one in values if one not in EMPTINESS]
        if plain and self.each is not None:
            yield self.where(actor, reduce(or_, (self.each[one](actor.on) for one in plain)))
        elif plain:
            yield self.where(actor, Q(**{f"{self.paths[0]}__in": plain}))
        if NONE in values:
            yield ~self.filled(actor)
        if SOME in values:
            yield self.filled(actor)

    def filled(self, actor: Actor) -> Q:
        if self.each is not None:
            return self.where(actor, reduce(or_, (pick(actor.on) for pick in self.each.values())))
        return super().filled(actor)


@dataclass(frozen=True)
class _Range(Filter):
    """从…到…，两头都算."""

    blank: bool = False

    def value(self, words: str) -> object:
        raise NotImplementedError

    def ask(self, actor: Actor, key: str, told: QueryDict) -> Asked | None:
        names = [name for name in (key, f"{key}_from", f"{key}_to") if told.get(name, "").strip()]
        if not names:
            return self._emptiness(actor, key, told)
        if (way := told.get(key, "")) in EMPTINESS:
            found = self.filled(actor)
            return Asked(found if way == SOME else ~found, f"为{EMPTINESS[way]}", (key,))
        value = {name: self.value(told.get(name, "").strip()) for name in names}
        how = {key: "", f"{key}_from": "__gte", f"{key}_to": "__lte"}
        pick = reduce(
            or_, (self._within(path, {how[name]: one for name, one in value.items()}) for path in self.paths)
        )
        return Asked(self.where(actor, pick), self._said(key, value), tuple(names))

    @staticmethod
    def _within(path: str, bounds: Mapping[str, object]) -> Q:
        return Q(**{f"{path}{how}": one for how, one in bounds.items()})

    @staticmethod
    def _said(key: str, value: Mapping[str, object]) -> str:
        if key in value:
            return str(value[key])
        first, last = value.get(f"{key}_from"), value.get(f"{key}_to")
        return f"{first}至{last}" if first and last else f"{first}起" if first else f"至{last}"


@dataclass(frozen=True)
class Day(_Range):
    """日期."""

    kind = "date"

    def value(self, words: str) -> date:
        for form in FORMS:
            try:
                return datetime.strptime(words, form).date()
            except ValueError:
                continue
        raise WrongFilter(f"“{words[:20]}”不是日期，应写成 2020-08-03")


@dataclass(frozen=True)
class Number(_Range):
    """数."""

    kind = "number"

    def value(self, words: str) -> int:
        if not words.isascii() or not words.isdecimal() or len(words) > 9:
            raise WrongFilter(f"“{words[:20]}”不是数，应写成 12")
        return int(words)
