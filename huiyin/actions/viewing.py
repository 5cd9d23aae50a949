"""台账视图 (S16): how a person keeps his ways of looking at the ledger. They are his own and no facts of an item, so the
journal has none of it; a shared one is read by his unit and changed by him alone."""

from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from huiyin.actions._refused import Refused
from huiyin.models import LedgerView, Person
from huiyin.queries.columns import BY_KEY

LONGEST = 40
MOST = 50  # a person's views


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise Refused("请给视图起个名称")
    if len(name) > LONGEST or not name.isprintable():
        raise Refused(f"视图的名称不超过{LONGEST}个字，不能有控制字符")
    return name


def _own(pk: int, by: Person) -> LedgerView:
    """His own, he and it locked; another's is not his to change."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two of his forms at once, one waits
    found = LedgerView.objects.select_for_update(no_key=True).filter(pk=pk, owner=by).first()
    if found is None:
        raise Refused("没有这个视图，或不是您的；别人共用的视图只能由他自己改")
    return found


@transaction.atomic
def save_view(name: str, *, columns: str, query: str, by: Person, at: datetime) -> LedgerView:
    """存为视图: columns and conditions as they stand; under a name he has already, in its place."""
    name = _named(name)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    found = LedgerView.objects.filter(owner=by, name=name).first()
    if found is None and LedgerView.objects.filter(owner=by).count() >= MOST:
        raise Refused(f"一个人最多存{MOST}个视图，请先删去不用的")
    view = found or LedgerView(owner=by, name=name)
    view.columns = ",".join(key for key in dict.fromkeys(columns.split(",")) if key in BY_KEY)
    view.query, view.changed_at = QueryDict(query[:4000]).urlencode(), at
    view.save()
    return view


@transaction.atomic
def rename_view(pk: int, name: str, *, by: Person, at: datetime) -> LedgerView:
    """改名."""
    view, name = _own(pk, by), _named(name)
    if LedgerView.objects.filter(owner=by, name=name).exclude(pk=pk).exists():
        raise Refused(f"您已经有名为“{name}”的视图")
    view.name, view.changed_at = name, at
    view.save()
    return view


@transaction.atomic
def share_view(pk: int, *, shared: bool, by: Person, at: datetime) -> LedgerView:
    """供本单位共用，或不再共用."""
    view = _own(pk, by)
    view.shared, view.changed_at = shared, at
    view.save()
    return view


@transaction.atomic
def prefer_view(pk: int, *, preferred: bool, by: Person, at: datetime) -> LedgerView:
    """打开台账时先用这个; of his views one at most."""
    view = _own(pk, by)
    LedgerView.objects.filter(owner=by, preferred=True).exclude(pk=pk).update(preferred=False)
    view.preferred, view.changed_at = preferred, at
    view.save()
    return view


@transaction.atomic
def remove_view(pk: int, *, by: Person, at: datetime) -> str:
    """删去. Its name."""
    view = _own(pk, by)
    name = view.name
    view.delete()
    return name
