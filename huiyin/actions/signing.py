"""审签 (S15, R36–R40): the three gates, send-back, take-back, and the number taken at signing."""

from datetime import datetime

from django.db import transaction

from huiyin.actions._refused import Refused, Stale, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.proposing import proposal_digest
from huiyin.models import Annex, Assignment, NumberSeries, Passage, Person, Reply, ReplyVersion
from huiyin.rules.vocabulary import Deed, Gate, Role, Status, VersionOrigin

PASS = {Status.ASSIGNING: Deed.PASS_ASSIGN, Status.REVIEW: Deed.PASS_REVIEW, Status.ISSUE: Deed.SIGN}
SEND_BACK = {
    Status.HANDLING: Deed.SEND_BACK,
    Status.REVIEW: Deed.SEND_BACK_REVIEW,
    Status.PROPOSING: Deed.SEND_BACK_PROPOSE,
}


def digest_now(item: Assignment) -> str:
    """本关所签内容的 SHA-256: the proposal at the assignment gate, the submitted version afterwards."""
    if item.gate == Gate.ASSIGN:
        proposed = next((one for one in item.live_sign_offs(Gate.ASSIGN) if one.is_submission), None)
        return proposal_digest(item, proposed.opinion if proposed else "")
    return item.submitted_version.digest if item.submitted_version else ""


def check_seen(seen: str, digest: str) -> None:
    """What he looked at must be what stands there now."""
    if seen != digest:
        raise Stale("内容在您打开之后有改动，请看过现在的内容再审签", digest)


@transaction.atomic
def pass_gate(item: Assignment, *, seen: str, opinion: str = "", by: Person, at: datetime) -> Assignment:
    """通过（审签、签发）: signs exactly the text whose digest is `seen`. Stale when another stands there by now.

    The last post of the chain moves the item on; at the issue gate that takes the number and the date (R40, R44).
    """
    deed = PASS.get(Status(item.status), Deed.PASS_REVIEW)
    taking = begin(item, deed, by=by, at=at)
    digest, gate, role = digest_now(taking.item), taking.item.gate, taking.item.next_post()
    assert gate is not None
    assert role is not None  # the step fits, so the item is in a gate with a post waiting
    check_seen(seen, digest)
    version = taking.item.submitted_version
    if gate != Gate.ASSIGN and (version is None or version.text_digest() != digest):
        raise Refused("稿本与送审时的摘要不符，请联系管理员核查")
    complete = taking.sign(gate, role, digest, opinion=opinion)
    number = _issue(taking, version).number if complete and gate == Gate.ISSUE and version else ""
    text = "，".join(part for part in (f"签发，文号{number}" if number else "", opinion) if part)
    taking.done(text, move=complete, gate=gate.label, role=role.label, digest=digest)
    return taking.item


def _issue(taking: Taking, version: ReplyVersion) -> Reply:
    item = taking.item
    prefix = item.profile.prefixes["reply" if item.answers else "opinion"]
    return Reply.objects.create(
        assignment=item, version=version, number=take_number(prefix, taking.on.year),
        signed_on=taking.on, signatory=taking.by,
    )  # fmt: skip


def take_number(prefix: str, year: int) -> str:
    """取发文字号：the next of its prefix and year, under the series' row lock; never reused (R40)."""
    NumberSeries.objects.get_or_create(prefix=prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(prefix=prefix, year=year)
    series.last += 1
    series.save()
    return f"{prefix}〔{year}〕{series.last}号"


@transaction.atomic
def send_back(
    item: Assignment, *, to: Status, reason: str, post: Role | None = None, by: Person, at: datetime
) -> None:
    """退改：to the drafter, the review gate or the proposal, with a reason; what was signed there is struck. Back to the
    review gate it may go to one `post` only: he and those after him sign again."""
    require(退改的理由=reason)
    deed = Deed.SEND_BACK if item.status == Status.ASSIGNING else SEND_BACK.get(to)
    if deed is None:
        raise Refused(f"不能退到“{to.label}”")
    taking = begin(item, deed, by=by, at=at)
    if deed == Deed.SEND_BACK_REVIEW:
        taking.strike(Gate.ISSUE)
        taking.strike(Gate.REVIEW, keep_submission=True, posts=_from(taking.item, post))
    elif deed == Deed.SEND_BACK_PROPOSE or taking.item.status == Status.ASSIGNING:
        taking.strike(*Gate)
    else:
        taking.strike(Gate.REVIEW, Gate.ISSUE)
    if deed != Deed.SEND_BACK_REVIEW and taking.item.status != Status.ASSIGNING:
        reopen(taking)
    taking.done(reason)


def _from(item: Assignment, post: Role | None) -> tuple[Role, ...]:
    """The posts of the review gate from `post` on; all of them when it is none."""
    chain = item.chain(Gate.REVIEW)
    if post is not None and post not in chain:
        raise Refused(f"{post.label}不在审核关")
    return chain[chain.index(post) :] if post else chain


@transaction.atomic
def take_back(item: Assignment, *, by: Person, at: datetime) -> None:
    """撤回：before anybody else has signed, whoever sent it takes it back."""
    taking = begin(item, Deed.TAKE_BACK, by=by, at=at)
    if taking.item.status == Status.ASSIGNING:
        taking.strike(*Gate)
    else:
        taking.strike(Gate.REVIEW)
        reopen(taking)
    taking.done()


def reopen(taking: Taking) -> None:
    """下一稿：a new open version that begins as a copy of the one sent back; the old one stays as it was."""
    if taking.item.submitted_version is not None and taking.item.draft is None:
        successor(taking, taking.item.submitted_version, VersionOrigin.DRAFTED)


def successor(taking: Taking, old: ReplyVersion, origin: VersionOrigin) -> ReplyVersion:
    """An open version that begins as a copy of `old`, with its passages and annexes; the saves are counted on."""
    rows: list[Passage | Annex] = [*old.passages.all(), *old.annexes.all()]
    fresh = ReplyVersion.objects.get(pk=old.pk)
    fresh.pk, fresh.number = None, taking.item.versions.latest("number").number + 1
    fresh.submitted_at, fresh.submitted_by, fresh.digest = None, None, ""
    fresh.origin, fresh.replaced_at = origin, None
    fresh.edited_by, fresh.edited_at = taking.by, taking.at
    fresh._state.adding = True
    fresh.save()
    for row in rows:
        row.pk, row.version = None, fresh
        row._state.adding = True
        row.save()
    return fresh
