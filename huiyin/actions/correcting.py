"""送审之后的改动 (R36): a signer changes the text himself (改稿), or a slip of the pen is put right (文字更正).

Either makes a new submitted version; the one before stays as it was signed.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.replying import Draft, fill
from huiyin.actions.signing import check_seen, digest_now, successor
from huiyin.models import Assignment, Person, ReplyVersion
from huiyin.notices import subject, tell
from huiyin.rules.correcting import refusals, slips
from huiyin.rules.touching import Change, changes, posts_again
from huiyin.rules.vocabulary import Deed, Gate, NoticeKind, Role, VersionOrigin


@transaction.atomic
def revise(item: Assignment, draft: Draft, *, seen: str, reason: str, by: Person, at: datetime) -> Assignment:
    """改稿：the next signer changes the text; whoever's signature the change touches signs again, in the order of the
    review gate, the drafter first where it touches the text itself."""
    require(改稿的理由=reason)
    taking = begin(item, Deed.REVISE, by=by, at=at)
    old = _standing(taking, seen)
    signed = _concerned(taking, old)
    fresh, found = _new_text(taking, old, draft, VersionOrigin.REVISED)
    if not found:
        raise Refused("没有改动")
    posts = reopened(taking.item, found)
    taking.strike(Gate.ISSUE)
    taking.strike(Gate.REVIEW, posts=posts)
    what = f"{fresh}：改了{'、'.join(one.label for one in found)}"
    event = taking.done(f"{what}。{reason.strip()}", digest=fresh.digest, version=fresh.number)
    again = "、".join(role.label for role in posts)
    why = "" if _reserved(taking.item) else f"。理由：{reason.strip()}"
    _tell(taking, signed, event.seq, f"{by.name}改稿，{what}；{again}须重新审签{why}")
    return taking.item


def reopened(item: Assignment, found: list[Change]) -> list[Role]:
    """审核关里因这些改动要重新审签的岗位; a post nobody holds is passed over."""
    chain = [role for role in item.chain(Gate.REVIEW) if item.person_id(role) is not None]
    return posts_again((one.field for one in found), chain)


@transaction.atomic
def correct(item: Assignment, draft: Draft, *, seen: str, by: Person, at: datetime) -> Assignment:
    """文字更正：a few characters that change no meaning; signatures stay, and everybody who signed is told."""
    taking = begin(item, Deed.CORRECT, by=by, at=at)
    old = _standing(taking, seen)
    signed = _concerned(taking, old) | set(taking.item.holders())
    fresh, _ = _new_text(taking, old, draft, VersionOrigin.CORRECTED)
    before, after = old.signed_content(), fresh.signed_content()
    if reasons := refusals(before, after) or _crept(old, after):
        raise Refused([*reasons, "须改动内容的，请审签人退改，或由审签人改稿"])
    what = "；".join(str(one) for one in slips(before, after))
    event = taking.done(f"{fresh}：{what}", digest=fresh.digest, version=fresh.number)
    words = "" if _reserved(taking.item) else f"：{what}"
    _tell(taking, signed, event.seq, f"{by.name}作了文字更正（{fresh}）{words}")
    return taking.item


def _crept(old: ReplyVersion, after: dict[str, Any]) -> list[str]:
    """一点一点改走了：of corrections one upon another, all together must be slips of the pen of each text signed before."""
    for one in old.assignment.versions.filter(number__lt=old.number).order_by("-number"):
        if old.origin != VersionOrigin.CORRECTED:
            break
        before = one.signed_content()
        if changes(before, after) and (reasons := refusals(before, after)):
            return [f"连同此前的更正，与{one}相比：{reason}" for reason in reasons]
        old = one
    return []


def _reserved(item: Assignment) -> bool:
    """Its words do not go into notices, which leave by mail (R6, R7)."""
    return item.suggestion.confidential or item.suggestion.secret


def _standing(taking: Taking, seen: str) -> ReplyVersion:
    """The submitted version that stands, if it is the one he looked at."""
    version = taking.item.submitted_version
    if version is None:
        raise Refused("没有送审的稿本")
    check_seen(seen, digest_now(taking.item))
    return version


def _new_text(
    taking: Taking, old: ReplyVersion, draft: Draft, origin: VersionOrigin
) -> tuple[ReplyVersion, list[Change]]:
    fresh = successor(taking, old, origin)
    fill(fresh, draft, by=taking.by, at=taking.at)
    fresh.submitted_at, fresh.submitted_by, fresh.digest = taking.at, taking.by, fresh.text_digest()
    fresh.save()
    taking.item.forget()
    return fresh, changes(old.signed_content(), fresh.signed_content())


def _concerned(taking: Taking, old: ReplyVersion) -> set[int]:
    """Whoever signed this round, his post's holder where another signed for him, and who wrote the text."""
    signs = taking.item.live_sign_offs(Gate.REVIEW, Gate.ISSUE)
    people = {pk for one in signs for pk in (one.signer_id, one.person_id)}
    return people | {pk for pk in (old.submitted_by_id, taking.item.handler_id) if pk is not None}


def _tell(taking: Taking, people: set[int], seq: int, text: str) -> None:
    tell(
        sorted(people - {taking.by.pk}), NoticeKind.SYSTEM, f"{subject(taking.item)}{text}",
        key=f"{taking.step.deed}:{taking.item.pk}:{seq}", at=taking.at, item=taking.item,
    )  # fmt: skip
