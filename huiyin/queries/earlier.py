"""相近的往年件 (R8): suggestions whose titles are alike; and for the drafter, what was answered to them and what came
of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from huiyin.models import Assignment, Reply, Suggestion
from huiyin.queries.actors import items_for
from huiyin.queries.item import hides_proposer
from huiyin.rules.permissions import Actor
from huiyin.rules.text import Block, BlockKind
from huiyin.rules.vocabulary import CommitmentState

SAME = 0.5  # titles so alike may be the same matter again
ALIKE, OF_THE_SUBJECT = 0.2, 0.15  # how alike a title must be; a common subject counts for so much
MOST = 5


def pairs(title: str) -> frozenset[str]:
    """Pairs of characters of a title, without what every title has."""
    words = title.replace("关于", "").replace("的建议", "").replace("的提案", "")
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """重合度, 0 to 1."""
    return len(one & other) / max(1, len(one | other))


def near(title: str, actor: Actor) -> list[Suggestion]:
    """标题相近的件, among those he may see, most alike first; never a block."""
    mine = (
        Suggestion.objects.filter(assignments__in=items_for(actor))
        .order_by("pk")
        .distinct()
        .values_list("pk", "title")
    )
    own = pairs(title)
    scored = sorted(((likeness(own, pairs(words)), pk) for pk, words in mine), key=lambda one: -one[0])
    keys = [pk for score, pk in scored if score >= SAME]
    found = Suggestion.objects.select_related("meeting").in_bulk(keys)
    return [found[pk] for pk in keys]


@dataclass(frozen=True)
class Earlier:
    """一件往年的答复：its paragraphs may be copied one by one."""

    item: Assignment
    reply: Reply
    outcome: str
    promises: str
    paragraphs: list[tuple[int, str]]


def earlier(item: Assignment, actor: Actor) -> list[Earlier]:
    """相近件已签发的答复, most alike first: by title, and by the subject."""
    own, subject = pairs(item.suggestion.title), item.suggestion.category_id
    replied = items_for(actor).filter(replies__isnull=False, part=item.part).exclude(pk=item.pk)
    rows = replied.filter(suggestion__secret=False)  # what was written to one is not for another's text
    facts = rows.order_by().distinct().values_list("pk", "suggestion__title", "suggestion__category_id")
    scored = [
        (_score(own, title, subject is not None and subject == category), pk) for pk, title, category in facts
    ]
    keys = [pk for score, pk in sorted(scored, key=lambda one: (-one[0], -one[1])) if score >= ALIKE]
    found = Assignment.objects.select_related("suggestion__meeting", "unit").in_bulk(keys[: MOST * 2])
    seen = [found[pk] for pk in keys if pk in found and not hides_proposer(found[pk], actor)]
    return [_earlier(one) for one in seen[:MOST]]


def _score(own: frozenset[str], title: str, same_subject: bool) -> float:
    like = likeness(own, pairs(title))
    return like + OF_THE_SUBJECT if same_subject and like > 0 else like


def _earlier(item: Assignment) -> Earlier:
    reply = item.reply
    assert reply is not None  # it was asked for
    letter = item.current_class()
    outcome = f"{letter}类" if letter else ""
    if letter and reply.version.outcome_class not in {"", letter}:
        outcome = f"{reply.version.outcome_class}类，后转{letter}类"
    copies = [(n, copy_of(one)) for n, one in enumerate(reply.version.blocks(), 1)]
    return Earlier(item, reply, outcome, _promises(item), [(n, text) for n, text in copies if text])


def _promises(item: Assignment) -> str:
    """承诺的下落: 承诺3项：2项已落实，1项推进中."""
    states = Counter(item.commitments.values_list("state", flat=True))
    if not states:
        return ""
    parts = [f"{states[one]}项{one.label}" for one in CommitmentState if states[one]]
    return f"承诺{states.total()}项：{'，'.join(parts)}"


def copy_of(block: Block) -> str:
    """What of a paragraph can be used in another reply: its words, without whose they were; no picture."""
    if block.kind == BlockKind.PICTURE:
        return ""
    return block.typed() if block.kind == BlockKind.TABLE else block.text
