"""协办意见的表和页：how each stands and what is to be done with it; whose measure stands where in the text."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.models import AnswerLink, Assignment, CoOpinion, ReplyVersion
from huiyin.queries import opinions as show
from huiyin.queries.ledger import limit, marks
from huiyin.queries.points import current_version
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, OpinionState, OpinionUse
from huiyin.web import access
from huiyin.web.deeds import PAGE_OF

STATES = {
    OpinionState.PLANNED: ("wait", "▲"), OpinionState.REQUESTED: ("wait", "▲"), OpinionState.RECEIVED: ("yes", "✓"),
    OpinionState.HOLLOW: ("bad", "■"), OpinionState.MISSING: ("bad", "■"), OpinionState.WITHDRAWN: ("muted", "—"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """一条协办意见, with the deeds that are the reader's to do on it: (label, address)."""

    opinion: CoOpinion
    look: str
    said: str
    links: tuple[AnswerLink, ...]
    deeds: tuple[tuple[str, str], ...]


def table(item: Assignment, actor: Actor) -> list[Row]:
    """协办意见一览."""
    rows = item.opinions.select_related("unit", "paper", "version").prefetch_related("answer_links")
    his = {deed for deed in ON_ONE & PAGE_OF.keys() if not workflow.refusals(actor, item, deed)}
    return [_row(item, one, his, actor) for one in rows]


ON_ONE = frozenset(deed for deeds in show.DEEDS.values() for deed in deeds)


def _row(item: Assignment, one: CoOpinion, his: set[Deed], actor: Actor) -> Row:
    links = tuple(one.answer_links.all())
    look, symbol = STATES[OpinionState(one.state)]
    said = one.get_state_display()
    if one.received_on and one.state == OpinionState.RECEIVED:
        said = (
            ("同意" if one.agreed else "有意见") if one.countersigns else "逾期提交" if one.late else "已提交"
        )
    if one.state == OpinionState.REQUESTED and one.due_on < actor.on:
        look, symbol, said = "bad", "■", "逾期未交"
    deeds = [deed for deed in show.deeds_on(one, links, actor.on) if deed in his]
    return Row(one, look, f"{symbol} {said}", links, tuple(_way(item, one, deed) for deed in deeds))


def _way(item: Assignment, one: CoOpinion, deed: Deed) -> tuple[str, str]:
    address = reverse("deed", args=[item.pk, deed.value])
    label = "补收盖章件" if deed == Deed.RECEIVE_OPINION and one.awaits_paper else LABELS[deed]
    return label, f"{address}?opinion={one.pk}"


LABELS = {
    Deed.SEND_REQUESTS: "发出", Deed.WITHDRAW_OPINION: "撤回", Deed.RECEIVE_OPINION: "登记意见",
    Deed.ACCEPT_OPINION: "登记签收", Deed.OPEN_LINK: "开填报链接", Deed.CLOSE_LINK: "作废链接",
    Deed.MARK_MISSING: "标注逾期", Deed.USE_OPINION: "标注采纳", Deed.RETURN_OPINION: "退回",
    Deed.ASK_AGAIN: "再次征求",
}  # fmt: skip


def side(item: Assignment, version: ReplyVersion | None, actor: Actor) -> dict[str, Any]:
    """协办意见 beside the draft."""
    return {
        "sources": show.sources(item, version),
        "using": not workflow.refusals(actor, item, Deed.USE_OPINION),
    }


def sources(request: HttpRequest, pk: int) -> HttpResponse:
    """来源对照: each opinion and where it stands in the text; each paragraph and whose it is."""
    item, actor = access.item_or_404(request, pk), access.actor(request)
    context = {
        "item": item, "sources": show.sources(item, current_version(item)), "key": access.fresh_key(),
        "using": not workflow.refusals(actor, item, Deed.USE_OPINION), "uses": (OpinionUse.ADOPTED, OpinionUse.EXPLAINED),
        "lit": limit(item, actor.on), "tags": marks(item, actor.on),
    }  # fmt: skip
    return render(request, "items/sources.html", context)
