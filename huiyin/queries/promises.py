"""落实率 (R70): the commitments a reply made, of those due the ones fulfilled; counted by 项, never by 件."""

from datetime import date

from django.db.models import Count as Size
from django.db.models import Q, QuerySet
from django.db.models import Value as Literal

from huiyin.models import Commitment
from huiyin.queries.column_labels import LABELS
from huiyin.queries.figures import Scope, counted_items
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import CommitmentState

WORDS = {"kept": "已落实的承诺", "due": "已落实和到期未落实的承诺", "not": "到期未落实的承诺"}
KEPT = Q(state=CommitmentState.FULFILLED)


def _picks(on: date) -> dict[str, Q]:
    due = KEPT | Q(due_on__lte=on)
    return {"kept": KEPT, "due": due, "not": due & ~KEPT}


def _counted(actor: Actor, scope: Scope) -> QuerySet[Commitment]:
    return Commitment.objects.filter(assignment__in=counted_items(actor, scope))


def behind(actor: Actor, scope: Scope, key: str, on: date) -> QuerySet[Commitment]:
    """落实率的分子 "kept" 和分母 "due": commitments fulfilled, and of those fulfilled or due; "not", those not kept."""
    return _counted(actor, scope).filter(_picks(on)[key])


def rate(actor: Actor, scope: Scope, on: date) -> tuple[int, int]:
    """落实率的分子和分母, in numbers."""
    kept, due = (behind(actor, scope, key, on).count() for key in ("kept", "due"))
    return kept, due


DIMENSIONS = {
    "section": ("责任科室", "section", "section__name", "section__order"),
    "owner": ("责任人", "owner", "owner__name", "owner__name"),
    "meeting": (LABELS["meeting"], "assignment__meeting", "assignment__meeting__title", "assignment__meeting__year"),
}  # fmt: skip


def breakdown(actor: Actor, scope: Scope, on: date, by: str) -> list[tuple[str, str, int, int]]:
    """各组的（取值, 名称, 已落实, 应落实）项数, by section, owner or year of work."""
    _, path, name, order = DIMENSIONS[by]
    sizes = {key: Size(Literal(1), filter=pick) for key, pick in _picks(on).items() if key != "not"}
    rows = _counted(actor, scope).order_by().values(*dict.fromkeys([path, name, order])).annotate(**sizes)
    found = rows.order_by(order, path)
    return [(str(row[path]), row[name] or "未定", row["kept"], row["due"]) for row in found if row["due"]]
