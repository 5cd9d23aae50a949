"""我的待办."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.queries.desk import awaited_by, waiting_for
from huiyin.queries.ledger import tags
from huiyin.rules.periods import Light
from huiyin.rules.vocabulary import Deed, Role
from huiyin.web import access

GROUPS = (
    ("red", "■ 已逾期或今明到期", "先办这些", {Light.OVERDUE}),
    ("amber", "▲ 就要到期", "", {Light.NEAR}),
    ("green", "● 时间充裕", "", {Light.OK, Light.NONE, Light.DONE}),
)
DRAFTING = {Deed.DRAFT, Deed.SUBMIT}


def desk(request: HttpRequest) -> HttpResponse:
    actor = access.actor(request)
    if actor.has(Role.ADMINISTRATOR):
        return redirect("organisation")
    rows = [(row, tags(row.item)) for row in waiting_for(actor)]
    groups = [
        (style, label, note, [pair for pair in rows if pair[0].lit.light in lights])
        for style, label, note, lights in GROUPS
    ]
    context = {
        "groups": groups, "total": len(rows), "urgent": len(groups[0][3]), "awaited": awaited_by(actor)[:12],
        "today": actor.on, "drafting": DRAFTING,
    }  # fmt: skip
    return render(request, "desk.html", context)
