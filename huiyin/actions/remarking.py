"""批注：on words of a text, by whoever reads it; settled by the drafter: changed, or not and why."""

from datetime import datetime

from django.db import transaction

from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.models import Assignment, Person, Remark, ReplyVersion
from huiyin.notices import subject, tell
from huiyin.queries.remarks import place, plains, spaceless
from huiyin.rules.vocabulary import Deed, NoticeKind


@transaction.atomic
def remark(
    item: Assignment,
    version: ReplyVersion,
    *,
    quote: str = "",
    paragraph: int = 0,
    text: str,
    by: Person,
    at: datetime,
) -> Remark:
    """批注：on `quote`, or on the whole paragraph when no words are named. The drafter is told."""
    require(批注=text)
    taking = begin(item, Deed.REMARK, by=by, at=at)
    if version.assignment_id != item.pk:
        raise Refused("没有这个稿本")
    texts = plains(version)
    if not quote.strip():
        if not 1 <= paragraph <= len(texts):
            raise Refused("还没有选批注哪一段，或写明批注的原文")
        quote = texts[paragraph - 1]
    found = place(quote, paragraph, texts)
    if not found:
        raise Refused(f"“{quote.strip()[:30]}”不在{version}的一段里；请照原文抄写，一次批注一段")
    row = Remark.objects.create(
        version=version, paragraph=found, quote=quote.strip(), text=text.strip(), by=by, at=at
    )
    taking.done(f"批注{version}第{found}段", remark=row.pk)
    _tell(taking, row, {taking.item.handler_id, version.edited_by_id}, f"{by.name}批注了{version}第{found}段")
    return row


@transaction.atomic
def settle(
    item: Assignment, remark: Remark, *, changed: bool, answer: str = "", by: Person, at: datetime
) -> Remark:
    """处理批注：已改, or 不改 with the reason. Whoever made it is told."""
    if not changed:
        require(不改的理由=answer)
    taking = begin(item, Deed.SETTLE_REMARK, by=by, at=at)
    row = Remark.objects.select_for_update(no_key=True).filter(pk=remark.pk, version__assignment=item).first()
    if row is None or row.settled_at is not None:
        raise Refused("这条批注已处理过" if row else "没有这条批注")
    row.changed, row.answer, row.settled_by, row.settled_at = changed, answer.strip(), by, at
    row.save()
    how = "已改" if changed else "不改"
    taking.done(f"批注（{row.by.name}，{row.version}第{row.paragraph}段）：{how}", remark=row.pk)
    _tell(
        taking,
        row,
        {row.by_id},
        f"您对{row.version}第{row.paragraph}段的批注：{how}（{by.name}）",
        row.answer,
    )
    return row


def _tell(taking: Taking, row: Remark, people: set[int | None], what: str, more: str = "") -> None:
    """Their words do not go into notices, which leave by mail, where the item must not be named (R6, R7)."""
    suggestion = taking.item.suggestion
    words = spaceless(more or row.text)[:80]
    said = "" if suggestion.secret or suggestion.confidential or not words else f"：{words}"
    tell(
        sorted(one for one in people if one is not None and one != taking.by.pk), NoticeKind.SYSTEM,
        f"{subject(taking.item)}{what}{said}", key=f"{taking.step.deed}:{row.pk}", at=taking.at, item=taking.item,
    )  # fmt: skip
