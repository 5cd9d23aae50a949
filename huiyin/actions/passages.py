"""常用段落：wording a unit uses again, kept with an owner and a last day, and put into drafts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import own_unit
from huiyin.actions._refused import Refused, Stale, require
from huiyin.actions._take import begin
from huiyin.actions.replying import Draft, fill, opened
from huiyin.models import Assignment, Category, Person, ReplyVersion, StandardPassage, Unit
from huiyin.models.reply import SIGNED
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Deed


@dataclass(frozen=True)
class Wording:
    """一个常用段落的内容."""

    title: str
    text: str
    owner: Person
    expires_on: date
    category: Category | None = None
    basis: str = ""


@transaction.atomic
def keep(
    wording: Wording, *, known: StandardPassage | None = None, seen: str = "", by: Person, at: datetime
) -> StandardPassage:
    """新增或修改常用段落. Stale when somebody changed it after its page was opened (`seen`: its `edited_at` then)."""
    require(名称=wording.title, 内容=wording.text)
    unit, today = own_unit(by, Deed.KEEP_PASSAGES, at=at), localdate(at)
    row = StandardPassage(unit=unit)
    if known is not None:
        row = _known(unit, known)
        if seen != row.edited_at.isoformat():
            raise Stale(f"{row.edited_by.name}在您编辑期间改过这个常用段落，请对照后再存", row.text)
    if reasons := _problems(wording, unit, today, row.pk or 0):
        raise Refused(reasons)
    row.title, row.text = wording.title.strip(), wording.text.replace("\r\n", "\n").strip()
    row.category, row.basis = wording.category, wording.basis.strip()
    row.owner, row.expires_on = wording.owner, wording.expires_on
    row.edited_by, row.edited_at = by, at
    row.save()
    what = "修改" if known else "新增"
    text = f"{what}“{row.title}”，责任人{row.owner.name}，有效期至{zh(row.expires_on)}"
    record_unit(unit, Deed.KEEP_PASSAGES, by=by, at=at, text=text, passage=row.pk)
    return row


@transaction.atomic
def retire(passage: StandardPassage, *, by: Person, at: datetime) -> StandardPassage:
    """停用: it cannot be inserted from today on; where it stands already it stays."""
    unit = own_unit(by, Deed.KEEP_PASSAGES, at=at)
    row = _known(unit, passage)
    if row.expired(localdate(at)):
        raise Refused(f"“{row.title}”已过期")
    row.expires_on = localdate(at) - timedelta(days=1)
    row.edited_by, row.edited_at = by, at
    row.save()
    record_unit(unit, Deed.KEEP_PASSAGES, by=by, at=at, text=f"停用“{row.title}”", passage=row.pk)
    return row


def _known(unit: Unit, passage: StandardPassage) -> StandardPassage:
    row = (
        StandardPassage.objects.filter(pk=passage.pk, unit=unit).select_related("owner", "edited_by").first()
    )
    if row is None:
        raise Refused("没有这个常用段落")
    return row


def _problems(wording: Wording, unit: Unit, today: date, own: int) -> list[str]:
    found = []
    if StandardPassage.objects.filter(unit=unit, title=wording.title.strip()).exclude(pk=own).exists():
        found.append(f"已经有“{wording.title.strip()}”")
    if wording.owner.unit_id != unit.pk or not wording.owner.is_active:
        found.append("责任人须是本单位在职人员")
    if wording.expires_on < today:
        found.append(f"有效期至{zh(wording.expires_on)}，已经过了")
    if "【" in wording.text or "】" in wording.text:
        found.append("【】是来源和意见点的标记，常用段落里不能用")
    return found


@transaction.atomic
def insert(
    item: Assignment, passage: StandardPassage, *, revision: int, by: Person, at: datetime
) -> ReplyVersion:
    """插入常用段落 at the end of the draft."""
    taking = begin(item, Deed.DRAFT, by=by, at=at)
    row = StandardPassage.objects.filter(pk=passage.pk, unit=taking.item.unit_id).first()
    if row is None or row.expired(taking.on):
        raise Refused(f"“{row.title}”已过期，不能插入" if row else "没有这个常用段落")
    return append(taking.item, row.text, revision=revision, by=by, at=at)


def append(item: Assignment, text: str, *, revision: int, by: Person, at: datetime) -> ReplyVersion:
    """Lines at the end of the draft, which the caller may write."""
    version = opened(item)
    if version.moved_since(revision):
        raise Stale(f"{version.edited_by.name}在您编辑期间保存过此稿，请对照后再插入", version.body)
    kept = {name: getattr(version, name) for name in SIGNED}
    fill(version, Draft(**{**kept, "body": f"{version.body}\n{text}".strip()}), by=by, at=at)
    return version
