"""批注的卡片：beside the draft, a version and the sign page, the same list and the same form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from huiyin.actions import Refused, remarking
from huiyin.models import Assignment, Remark, ReplyVersion
from huiyin.queries.remarks import Placed, placed
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.forms.drafting import paragraph_choices


@dataclass(frozen=True)
class Sheet:
    """批注一览. `remarking`, `settling`: whether that is the reader's to do now; `back`: where he reads."""

    version: ReplyVersion
    rows: list[Placed]
    paragraphs: list[tuple[str, str]]
    remarking: bool
    settling: bool
    back: str
    key: str

    @property
    def left(self) -> int:
        return sum(one.open for one in self.rows)


def sheet(item: Assignment, version: ReplyVersion | None, actor: Actor, back: str) -> Sheet | None:
    if version is None:
        return None
    may = [not workflow.refusals(actor, item, deed) for deed in (Deed.REMARK, Deed.SETTLE_REMARK)]
    return Sheet(
        version, placed(item, version), paragraph_choices(version), may[0], may[1], back, access.fresh_key()
    )


def side(item: Assignment, version: ReplyVersion | None, actor: Actor) -> dict[str, Any]:
    """批注 beside the draft."""
    return {"remarks": sheet(item, version, actor, "draft")}


def pressed(request: HttpRequest, item: Assignment, version: ReplyVersion) -> str:
    """A button of the card, on the page that saves the draft at once: what was done, "" when it was none of ours."""
    what, _, rest = request.POST.get("press", "").partition("-")
    by, at = access.person(request), access.now()
    if what == "remark":
        paragraph = access.number(request.POST.get("paragraph"))
        quote, text = _typed(request, "quote"), _typed(request, "remark")
        remarking.remark(item, version, quote=quote, paragraph=paragraph, text=text, by=by, at=at)
        return "已保存，已批注"
    if what != "settle":
        return ""
    number, _, how = rest.partition("-")
    row = Remark.objects.filter(pk=access.number(number), version__assignment=item).first()
    if row is None:
        raise Refused("没有这条批注")
    answer = _typed(request, f"answer-{row.pk}")
    remarking.settle(item, row, changed=how == "changed", answer=answer, by=by, at=at)
    return "已保存，批注已处理"


def _typed(request: HttpRequest, name: str) -> str:
    """As long as a form would let it be, and without what no database keeps."""
    return request.POST.get(name, "").replace("\0", "")[:5000]
