"""答复公开 (R47–R49, Q4): a version for the public apart from the letter, confirmed by another person than who made it;
published, and taken down again."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate

from huiyin.actions import _clocks, filing
from huiyin.actions._journal import record_unit
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import begin
from huiyin.documents import cleaning, opening
from huiyin.models import Annex, Assignment, Person, PublicVersion, Reply, StoredFile, Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.publishing import confirmed, latest, plain
from huiyin.rules.dates import zh
from huiyin.rules.permissions import may
from huiyin.rules.redaction import found
from huiyin.rules.text import blocks
from huiyin.rules.vocabulary import ClockKind, Deed


@transaction.atomic
def prepare(
    item: Assignment, *, title: str, body: str, names_shown: bool = True, left: Sequence[str] = (),
    annexes: Sequence[Annex] = (), by: Person, at: datetime,
) -> PublicVersion:  # fmt: skip
    """制作公开稿. What looks like a telephone, an identity number or an address is struck, or named in `left`: confirmed as
    fit for the public. Of what was struck only the kind and the length are kept."""
    require(标题=title, 正文=body)
    taking = begin(item, Deed.PREPARE_PUBLIC, by=by, at=at)
    reply = taking.item.reply
    assert reply is not None  # the step's condition
    body = plain(blocks(body))
    text = f"{title}\n{body}"
    reasons = [
        f"还没有删去、也没有确认可以公开：{one.kind.label}“{one.text}”"
        for one in found(text)
        if one.text not in left
    ]
    if not names_shown:
        names = [one.name for one in taking.item.suggestion.proposers.all() if one.name in text]
        reasons += [f"选了不显示代表姓名，文字里还有：{'、'.join(names)}"] if names else []
    if _rated(taking.item, text):
        reasons.append("文字里有代表评价的原话；代表的评价意见不公开")
    files = [(one, _cleaned(reply, one)) for one in annexes]
    for annex, data in files:
        inside = cleaning.words(data)
        reasons += [
            f"附件“{annex.name}”里有没有确认可以公开的{one.kind.label}“{one.text}”"
            for one in found(inside)
            if one.text not in left
        ]
        if not names_shown and any(one.name in inside for one in taking.item.suggestion.proposers.all()):
            reasons.append(f"选了不显示代表姓名，附件“{annex.name}”里还有代表姓名")
    if reasons:
        raise Refused(list(dict.fromkeys(reasons)))
    original = f"{reply.version.title}\n{plain(reply.version.blocks())}"
    struck = [[one.kind.value, len(one.text)] for one in found(original) if one.text not in text]
    version = PublicVersion.objects.create(
        reply=reply, number=reply.public_versions.count() + 1, title=title.strip(), body=body,
        names_shown=names_shown, struck=struck, prepared_by=by, prepared_at=at,
    )  # fmt: skip
    version.annexes.set([_keep(taking.item, annex, data, by=by, at=at) for annex, data in files])
    taking.done(f"公开稿{version.number}，删去{len(struck)}处个人信息")
    return version


def _rated(item: Assignment, text: str) -> bool:
    """评价的原话 (R49): what a proposer wrote of how he was served is his, and not for the public."""
    words = item.evaluations.values_list("reason", flat=True)
    return any(len(one.strip()) > 5 and one.strip() in text for one in words)


def _cleaned(reply: Reply, annex: Annex) -> bytes:
    """An annex without hidden data."""
    if annex.version_id != reply.version_id:
        raise Refused(f"“{annex.name}”不是本件答复的附件")
    if not annex.file.name.lower().endswith(".docx"):
        raise Refused(f"“{annex.name}”不是 .docx，不能除去隐藏信息，不能随答复公开")
    with annex.file.file.open("rb") as file:
        data = file.read()
    if problems := opening.problems(data, links=True):
        raise Refused([f"“{annex.name}”{one}" for one in problems])
    return cleaning.cleaned(data)


def _keep(item: Assignment, annex: Annex, data: bytes, *, by: Person, at: datetime) -> StoredFile:
    """The public copy of an annex."""
    upload = ContentFile(data, name=annex.file.name)
    return filing.store(upload, purpose=f"公开附件：{annex.name}"[:60], by=by, at=at, assignment=item)


@transaction.atomic
def confirm(item: Assignment, *, seen: int, by: Person, at: datetime) -> None:
    """核定公开稿, by another person than who made it (Q4); `seen` is the number of the version he looked at."""
    taking = begin(item, Deed.CONFIRM_PUBLIC, by=by, at=at)
    version = latest(taking.item)
    assert version is not None  # the step's condition
    if version.number != seen:
        raise Refused(f"公开稿已改为第{version.number}稿，请看过再核定")
    if version.prepared_by_id == by.pk:
        raise Refused("公开稿由您制作，须由另一人核定")
    version.confirmed_by, version.confirmed_at = by, at
    version.save()
    taking.done(f"公开稿{version.number}")


@transaction.atomic
def publish(item: Assignment, *, on: date, url: str = "", by: Person, at: datetime) -> None:
    """登记公开 (R47, R48): the confirmed version is on the unit's public page, or stands at an address elsewhere; the twenty
    working days end."""
    taking = begin(item, Deed.PUBLISH, by=by, at=at)
    reply, version = taking.item.reply, confirmed(taking.item)
    assert reply is not None and version is not None  # the step's conditions
    if not reply.signed_on <= on <= taking.on:
        raise Refused(f"公开日期应在签发日{zh(reply.signed_on)}到今天之间")
    if not url.strip() and not taking.item.unit.public:
        raise Refused("本单位没有开通答复公开页，请写明在哪里公开的网址")
    version.published_on = on
    version.save()
    reply.published_on, reply.public_url = on, url.strip()
    reply.save()
    _clocks.stop(taking.item, [ClockKind.PUBLICATION], on=on)
    taking.done(f"{zh(on)}公开{'：' + url.strip() if url.strip() else ''}", version=version.number)


@transaction.atomic
def unpublish(item: Assignment, *, on: date, reason: str, by: Person, at: datetime) -> None:
    """撤下公开：from our own page at once; from elsewhere it is recorded that it was taken down."""
    require(撤下的理由=reason)
    taking = begin(item, Deed.UNPUBLISH, by=by, at=at)
    reply = taking.item.reply
    assert reply is not None and reply.published_on is not None  # the step's condition
    if not reply.published_on <= on <= taking.on:
        raise Refused(f"撤下日期应在公开日{zh(reply.published_on)}到今天之间")
    reply.public_versions.filter(published_on__isnull=False, withdrawn_on__isnull=True).update(
        withdrawn_on=on, withdrawn_reason=reason.strip()[:200]
    )
    reply.published_on, reply.public_url = None, ""
    reply.save()
    taking.done(f"{zh(on)}：{reason}")


@transaction.atomic
def switch(unit: Unit, *, public: bool, by: Person, at: datetime) -> None:
    """开关答复公开页 of a unit, which nobody need sign in to read."""
    if by.unit_id != unit.pk or not may(actor_of(by, localdate(at)), Deed.SET_PUBLIC):
        raise Refused("答复公开页须由办公室主任或主要领导开关")
    row = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if row.public == public:
        raise Refused("答复公开页现在就是开着的" if public else "答复公开页现在就是关着的")
    row.public = public
    row.save(update_fields=["public"])
    record_unit(row, Deed.SET_PUBLIC, by=by, at=at, text="开通答复公开页" if public else "关闭答复公开页")
