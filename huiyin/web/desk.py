"""我的待办."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiyin.queries.desk import Awaited, Waiting, awaited_by, waiting_for
from huiyin.queries.holders import OUTSIDE
from huiyin.queries.ledger import marks
from huiyin.rules import workflow
from huiyin.rules.periods import Light
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, Role
from huiyin.web import access

GROUPS = (
    ("red", "■ 已逾期或今明到期", "先办这些", {Light.OVERDUE}),
    ("amber", "▲ 就要到期", "", {Light.NEAR}),
    ("green", "● 时间充裕", "", {Light.OK, Light.NONE, Light.DONE}),
)
LONG = 10  # days after which a wait is marked ▲
AWAITED = 12  # of the waits, the longest, that the desk lists
VERBS = {
    Deed.PROPOSE: "拟办", Deed.PASS_ASSIGN: "审签", Deed.PASS_REVIEW: "审签", Deed.REHANDLE: "登记重办",
    Deed.TELL_EXTENSION: "登记告知", Deed.PROGRESS: "登记进展", Deed.RECEIVE_OPINION: "登记意见", Deed.GRANT_EXEMPTION: "审批",
    Deed.ANSWER_ERRAND: "答复", Deed.KEEP: "处理申请", Deed.RETURN_AGREED: "登记决定", Deed.EXTENSION_GRANTED: "登记决定",
}  # fmt: skip


def _way(row: Waiting) -> tuple[str, str]:
    """去办：where the button leads and what it says."""
    verb = VERBS.get(row.deed, row.deed.label)
    if row.deed == Deed.KEEP:  # one of several deeds: the item's page offers them all
        return reverse("item", args=[row.item.pk]), verb
    if row.act:
        return reverse("supervision_act", args=[row.act]), verb
    if row.deed in {Deed.DRAFT, Deed.SUBMIT}:
        return reverse("draft", args=[row.item.pk]), verb
    return reverse("deed", args=[row.item.pk, row.deed.value]), verb


def _may_urge(actor: Actor, one: Awaited) -> bool:
    """催办：not of deputies and the assigning organ, who are asked in other ways."""
    return one.item.status not in OUTSIDE and not workflow.refusals(actor, one.item, Deed.URGE)


def desk(request: HttpRequest) -> HttpResponse:
    actor = access.actor(request)
    if actor.has(Role.ADMINISTRATOR):
        return redirect("organisation")
    rows = [(row, marks(row.item, actor.on), *_way(row)) for row in waiting_for(actor)]
    groups = [
        (style, label, note, [one for one in rows if one[0].lit.light in lights])
        for style, label, note, lights in GROUPS
    ]
    waits = awaited_by(actor)
    awaited = [(one, _may_urge(actor, one)) for one in waits[:AWAITED]]
    context = {
        "groups": groups, "total": len(rows), "urgent": len(groups[0][3]), "awaited": awaited, "waits": len(waits), "today": actor.on,
        "long": [one.item.pk for one, may in awaited if may and one.days >= LONG],
    }  # fmt: skip
    return render(request, "desk.html", context)
