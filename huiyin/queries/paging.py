"""分页：the keys of a ledger's page, found for as little in the middle of a million items as at the head.

In the ledger's own order (the latest year first) whole years are passed over by their counts, which are the count of all
as well, so that the items of one year at most are walked, by the index of that order.
"""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Value
from django.utils.functional import cached_property

from huiyin.models import Meeting

WITHIN = ("number_key", "pk")  # one year
OWN_ORDER = ("-meeting__year", "meeting", *WITHIN)


class Pages(Paginator):  # type: ignore[type-arg]
    """各页 of a queryset of items in their order; what a page holds are their keys."""

    object_list: Any

    @cached_property
    def years(self) -> list[tuple[int, int]] | None:
        """（承办年度, 件数）in the ledger's own order; None in any other."""
        if tuple(self.object_list.query.order_by) != OWN_ORDER:
            return None
        sizes = dict(self.object_list.order_by().values_list("meeting").annotate(size=Count(Value(1))))
        meetings = Meeting.objects.filter(pk__in=sizes)  # in their own order, as "meeting" says in OWN_ORDER
        return [(pk, sizes[pk]) for pk in meetings.values_list("pk", flat=True)]

    @cached_property
    def count(self) -> int:
        if self.years is not None:
            return sum(size for _, size in self.years)
        return int(self.object_list.order_by().count())

    def page(self, number: Any) -> "Page[int]":
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(self._keys(first, min(first + self.per_page, self.count)), number, self)

    def _keys(self, first: int, last: int) -> list[int]:
        """The keys of the items from `first` up to, not counting, `last`."""
        keys = self.object_list.values_list("pk", flat=True)
        if self.years is None:
            return list(keys[first:last])
        found: list[int] = []
        before = 0
        for meeting, size in self.years:
            start, end = max(first - before, 0), min(last - before, size)
            if start < end:
                found += keys.filter(meeting=meeting).order_by(*WITHIN)[start:end]
            before += size
        return found
