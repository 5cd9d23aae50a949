"""征求意见稿 (R35): the draft as it stands is shown to proposers before the reply, and what they said of it is kept. It never
counts as their evaluation."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from huiyin.actions import filing
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.contacting import within
from huiyin.actions.filing import Upload
from huiyin.actions.replying import set_aside
from huiyin.models import Assignment, Consultation, Person, Proposer, ReplyVersion
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Consent, Deed, DeliveryMethod, VersionOrigin

WAITS = 15  # days after which a proposer who said nothing may be recorded as silent


@transaction.atomic
def show_draft(
    item: Assignment,
    *,
    proposers: Sequence[Proposer],
    on: date,
    method: DeliveryMethod,
    by: Person,
    at: datetime,
) -> ReplyVersion:
    """送代表征求意见：the version shown is frozen; the writing goes on from it."""
    taking = begin(item, Deed.SHOW_DRAFT, by=by, at=at)
    within(taking.item, on, taking.on)
    if not proposers:
        raise Refused("还没有选送给哪位代表")
    if strangers := [one.name for one in proposers if one.suggestion_id != taking.item.suggestion_id]:
        raise Refused(f"{'、'.join(strangers)}不是本件的提出人")
    version = _shown(taking)
    if again := [one for one in proposers if version.consultations.filter(proposer=one).exists()]:
        names = taking.item.named(one.name for one in again)
        raise Refused(f"{version}已送{names}征求意见，稿本没有改过，不必再送")
    Consultation.objects.bulk_create(
        Consultation(version=version, proposer=one, sent_on=on, method=method, sent_by=by)
        for one in proposers
    )
    names = taking.item.named(one.name for one in proposers)
    taking.done(f"{zh(on)}{method.label}，{version}送{names}征求意见", version=version.number)
    return version


def _shown(taking: Taking) -> ReplyVersion:
    """The frozen version: the one last shown when not a word has changed since, so that one text is one version."""
    draft = taking.item.draft
    assert draft is not None  # the step's condition
    last = taking.item.versions.filter(origin=VersionOrigin.SHOWN).order_by("-number").first()
    if last is not None and last.text_digest() == draft.text_digest():
        return last
    return set_aside(taking, VersionOrigin.SHOWN)


@transaction.atomic
def record_view(
    item: Assignment,
    consultation: Consultation,
    *,
    on: date,
    consent: Consent,
    view: str = "",
    response: str = "",
    paper: Upload | None = None,
    by: Person,
    at: datetime,
) -> Consultation:
    """登记代表对稿本的意见. Whoever would have it changed is owed a word on what was done; who says nothing is recorded as
    silent after fifteen days."""
    if consent in {Consent.SUGGESTS, Consent.OBJECTS}:
        require(代表意见=view, 怎么办的=response)
    taking = begin(item, Deed.RECORD_VIEW, by=by, at=at)
    row = _awaited(taking, consultation)
    if not row.sent_on <= on <= taking.on:
        raise Refused(f"答复日期应在送出日{zh(row.sent_on)}到今天之间")
    patience = row.sent_on + timedelta(days=WAITS)
    if consent == Consent.SILENT and not view.strip() and taking.on < patience:
        raise Refused(
            f"送出满{WAITS}天（{zh(patience)}）仍没有回复的，才能登记未表示意见；代表说过什么的，请写在“代表意见”里"
        )
    scan = (
        filing.store(paper, purpose="征求意见回执", by=by, at=at, assignment=taking.item) if paper else None
    )
    row.answered_on, row.consent, row.paper = on, consent, scan
    row.view, row.response = view.strip(), response.strip()
    row.save()
    said = f"：{row.view}" if row.view else ""
    name = taking.item.named([row.proposer.name])
    taking.done(f"{name}对{row.version}{consent.label}{said}", consultation=row.pk, on=on)
    return row


def _awaited(taking: Taking, consultation: Consultation) -> Consultation:
    rows = Consultation.objects.filter(version__assignment=taking.item).select_related("proposer", "version")
    row = rows.filter(pk=consultation.pk).first()
    if row is None or row.answered_on is not None:
        raise Refused("这位代表的意见已登记过" if row else "没有送出过这份征求意见稿")
    return row
