"""答复函和协办意见函 (R42–R46)."""

from dataclasses import dataclass
from datetime import date

from huiyin.documents.layout import Paper
from huiyin.models import Assignment, ReplyVersion
from huiyin.rules.vocabulary import Disclosure, Kind


@dataclass(frozen=True)
class Letter:
    """一封函的内容, as the version and the issued reply give it."""

    organ: str
    number: str
    class_mark: str
    title: str
    salutation: str
    lines: tuple[str, ...]
    signed_on: date | None
    contact: str
    disclosure: str
    copies: tuple[str, ...]


def letter_of(item: Assignment, version: ReplyVersion) -> Letter:
    """From an item's version; number and date only when it has been signed."""
    reply = item.reply if item.reply and item.reply.version_id == version.pk else None
    prefix = item.profile.prefixes["reply" if item.answers else "opinion"]
    year = (reply.signed_on if reply else item.assigned_on).year
    return Letter(
        organ=item.unit.name,
        number=reply.number if reply else f"{prefix}〔{year}〕　号",
        class_mark=version.outcome_class,
        title=version.title,
        salutation=_salutation(item),
        lines=tuple(one.plain for one in version.blocks()),
        signed_on=reply.signed_on if reply else None,
        contact=f"（联系人：{version.contact_name}，电话：{version.contact_phone}）",
        disclosure=_disclosure(version),
        copies=tuple(one.strip() for one in version.copies_to.splitlines() if one.strip()),
    )


def _salutation(item: Assignment) -> str:
    if not item.answers:
        return f"{item.lead_unit.name if item.lead_unit else ''}："
    word = "委员" if item.suggestion.kind == Kind.PROPOSAL else "代表"
    return f"{'、'.join(item.addressees())}{word}："


def _disclosure(version: ReplyVersion) -> str:
    if not version.disclosure:
        return ""
    kind = Disclosure(version.disclosure)
    words = "摘要公开" if kind == Disclosure.SUMMARY else kind.label
    reason = f"，{version.disclosure_reason}" if version.disclosure_reason else ""
    return f"（此件{words}{reason}）"


def write(letter: Letter) -> bytes:
    """.docx, in 信函格式: a reply and an opinion are 函 (R42)."""
    paper = Paper()
    paper.letter_head(letter.organ, letter.number, letter.class_mark)
    paper.title(letter.title)
    paper.salutation(letter.salutation)
    paper.text(letter.lines)
    paper.signature(letter.organ, letter.signed_on)
    for note in (letter.contact, letter.disclosure):
        if note:
            paper.note(note)
    paper.copies(letter.copies)
    return paper.to_bytes(letter.title)
