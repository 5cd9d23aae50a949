"""公文和单据的目录：each paper's name, its place-holders, and the builder that makes it.

A paper is built from facts; built from place-holders it is the template an office downloads and edits; an office's own
template is filled with the same facts.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from huiyin.documents import evaluation, labels, letters, notice, sheets, urging
from huiyin.documents.facts import Facts, Slot, holders
from huiyin.documents.filling import fill
from huiyin.documents.layout import Paper
from huiyin.documents.opening import Unsafe
from huiyin.rules.vocabulary import PaperKind

K = PaperKind


@dataclass(frozen=True)
class Entry:
    """一种公文或单据."""

    kind: PaperKind
    slots: tuple[Slot, ...]
    build: Callable[[Facts], Paper]
    says: str

    @property
    def name(self) -> str:
        return self.kind.label

    def template(self) -> bytes:
        """内置模板: what an office downloads to edit."""
        return self.build(holders(self.slots)).to_bytes(f"{self.name}模板")

    def write(self, facts: Facts, *, template: bytes | None = None, title: str = "") -> bytes:
        """The paper, in the office's own template where there is one; in the built-in one where that cannot be used any
        more, for a letter must go out."""
        title = title or self.name
        if template is not None:
            with suppress(Unsafe):
                return fill(template, self.slots, facts).to_bytes(title)
        return self.build(facts).to_bytes(title)


ENTRIES = (
    Entry(K.REPLY, letters.REPLY, letters.letter, "给代表（委员）的书面答复，信函格式"),
    Entry(K.REPLY_ORDINARY, letters.ORDINARY, letters.ordinary, "给代表（委员）的书面答复，文件格式，有版记"),
    Entry(K.OPINION, letters.OPINION, letters.letter, "协办件送主办单位的意见"),
    Entry(K.REQUEST, letters.REQUEST, letters.request, "请协办单位提意见或会签，附建议原文或会签稿"),
    Entry(K.CONSULTATION, letters.CONSULTATION, letters.consultation, "答复前送代表（委员）的稿子，附回执"),
    Entry(K.NOTICE, notice.NOTICE, notice.build, "布置一年办理工作的通知，附横排的责任分工表"),
    Entry(
        K.ASSIGNMENT, sheets.ASSIGNMENT, sheets.assignment, "办公室交给科室的单子：谁办、何时办完、有何要求"
    ),
    Entry(K.EVALUATION, evaluation.EVALUATION, evaluation.evaluation, "随答复送代表（委员）填写的评价表"),
    Entry(K.URGE, urging.URGING, urging.build, "催促承办人、协办单位限期回复，附回复栏和签收栏"),
    Entry(
        K.SUPERVISE, urging.URGING, urging.build, "督办的通知，附回复栏和签收栏；批示、会议决定事项用内置的"
    ),
    Entry(K.VISIT, sheets.VISIT, sheets.visit, "回访代表（委员）的记录"),
    Entry(K.FACE_REPLY, sheets.FACE_REPLY, sheets.face_reply, "当面答复的记录，代表（委员）签名"),
    Entry(K.SIGNING, sheets.SIGNING, sheets.signing, "各关口谁在何时签了哪一稿"),
    Entry(K.LABELS, labels.LABELS, labels.labels, "A4不干胶标签，2列7行，每张99.1×38.1毫米"),
    Entry(K.CHRONOLOGY, sheets.CHRONOLOGY, sheets.chronology, "一件从登记到办结的全部动作"),
)
CATALOGUE = {one.kind: one for one in ENTRIES}
