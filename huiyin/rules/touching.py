"""改动碰到哪些关 (R36): what changed between two signed texts, and whose sign-offs that touches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.rules.vocabulary import HANDLING_LINE, Disclosure, Gate, Role

LABELS = {
    "title": "标题", "body": "正文", "outcome_class": "办理结果类别", "class_reason": "原因说明", "annexes": "附件",
    "pictures": "图片", "disclosure": "公开属性", "disclosure_reason": "不予公开的理由", "contact_name": "联系人",
    "contact_phone": "联系电话", "copies_to": "抄送",
}  # fmt: skip
EVERYBODY = frozenset(Role)
POSTS: dict[str, frozenset[Role]] = {  # 审核关里要重签的岗位，别的栏一律全部重签
    "disclosure": frozenset(HANDLING_LINE), "disclosure_reason": frozenset(HANDLING_LINE),
    "contact_name": frozenset({Role.CLERK}), "contact_phone": frozenset({Role.CLERK}),
    "copies_to": frozenset({Role.CLERK}),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """一栏的改动, both sides as read."""

    field: str
    label: str
    old: str
    new: str


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """两稿之间改了的栏, of what a signature answers for (`ReplyVersion.signed_content`)."""
    return [
        Change(name, label, _read(name, old.get(name)), _read(name, new.get(name)))
        for name, label in LABELS.items()
        if (old.get(name) or "") != (new.get(name) or "")
    ]


def touched(fields: Iterable[str]) -> frozenset[tuple[Gate, Role]]:
    """改了这些栏，哪些审签要重来：the text itself, everybody's; disclosure, the handling line's; contact and copies,
    the clerk's. Whoever signed for issue signs again whatever changed."""
    names = list(fields)
    review = {(Gate.REVIEW, role) for name in names for role in POSTS.get(name, EVERYBODY)}
    return frozenset(review | {(Gate.ISSUE, role) for role in EVERYBODY if names})


def posts_again(fields: Iterable[str], chain: Iterable[Role]) -> list[Role]:
    """审核关里重签的岗位, in the chain's order; where none of those touched is in it, all of them."""
    posts, hit = list(chain), touched(fields)
    return [role for role in posts if (Gate.REVIEW, role) in hit] or (posts if hit else [])


def _read(name: str, value: Any) -> str:
    if name == "disclosure":
        return Disclosure(value).label if value else ""
    if name == "annexes":
        return "、".join(str(one[0]) for one in value or [])
    if name == "pictures":
        return "、".join(f"图{one[0]}" for one in value or [])
    return str(value or "")
