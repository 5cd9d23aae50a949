"""逐行核对往年的台账: what an old ledger's row says of the reply, the evaluation and the promises."""

import re
from datetime import date
from typing import Any, TypeVar

from huiyin.actions._rows import Reader, Said
from huiyin.actions.carrying import Past, Promise
from huiyin.models import ImportBatch, Person, Section
from huiyin.queries import profiles
from huiyin.queries.sheets import LABELS, Cells, read_class, read_yes
from huiyin.rules.vocabulary import CommitmentState, Disclosure, Kind, Method, Part, Rating, Role, Term

T = TypeVar("T", bound=Term)
RATINGS = {
    "很满意": "非常满意",
    "较满意": "基本满意",
    "比较满意": "基本满意",
    "表示满意": "满意",
    "一般": "基本满意",
}
METHODS = {
    "面商": "面谈", "见面": "面谈", "当面": "面谈", "座谈": "座谈会", "上门": "走访", "登门": "走访", "上门走访": "走访",
    "电话沟通": "电话", "电话联系": "电话", "微信": "微信/短信", "短信": "微信/短信", "实地": "调研", "现场": "调研",
}  # fmt: skip
OPENNESS = {
    "公开": "主动公开", "全文公开": "主动公开", "是": "主动公开", "可公开": "主动公开", "同意公开": "主动公开", "摘要公开": "主动公开（摘要）",
    "不公开": "不予公开", "否": "不予公开",
}  # fmt: skip
KEPT = (
    ("不能|无法|终止", CommitmentState.IMPOSSIBLE), ("未启动|未落实|尚未|没有", CommitmentState.NOT_STARTED),
    ("推进|正在|部分|进行", CommitmentState.UNDERWAY), ("落实|完成|办结|解决|兑现", CommitmentState.FULFILLED),
)  # fmt: skip
WORDS = ("nature", "extended", "extended_to", "opinions", "mode", "plan_leader", "phone")
AGAIN = ("again_on", "again_number", "again_class", "again_rating")

OF_PAST = (
    "replied_on", "closed_on", "reply_number", "signatory", "outcome", "current", "disclosure", "published_on",
    "public_url", "section", "leader", "handler", "accepted_on", "contacted_on", "contact", "met_on", "delivered_on",
    "attitude", "rating", "rated_on", "reason", "promises", "promised_on", "kept", "archive_number", "note",
)  # fmt: skip


class PastReader:
    """Reads an old ledger's rows for one batch."""

    def __init__(self, batch: ImportBatch) -> None:
        self.reader = Reader(batch, loose=True)
        self.unit, self.schemes = batch.unit, dict[Kind, dict[str, str]]()
        people = Person.objects.filter(unit=batch.unit)
        names = [one.name for one in people]
        self.people = {one.name: one for one in people if names.count(one.name) == 1}
        sections = Section.objects.filter(unit=batch.unit)
        self.sections = {name: one for one in sections for name in (one.name, one.short_name)}

    def read(self, cells: Cells) -> tuple[Said, Past | None]:
        said = self.reader.read(cells)
        signed = self._signed(said)
        facts = self._facts(said, signed)
        if said.reasons or said.entry is None:
            return said, None
        signed_on = signed or said.entry.assigned_on
        promises = self._promises(said, signed_on)
        unmatched = tuple(said.notes + self._words(cells))
        past = Past(said.entry, signed_on, promises=promises, unmatched=unmatched, **facts)
        if promises and past.section is None:
            said.notes.append("承诺事项没有列出：承办科室没有对应，请以后补列")
        return said, None if said.reasons else past

    def _signed(self, said: Said) -> date | None:
        """答复日期; where the ledger has only the day it was done, that."""
        cells = said.cells
        signed, closed = self.reader.day(said, "replied_on"), self.reader.day(said, "closed_on")
        if "replied_on" in cells or (said.entry and said.entry.part == Part.INFO):
            return signed
        if closed is not None:
            said.notes.append("没有答复日期，按办结日期记")
        elif "closed_on" not in cells:
            said.reasons.append("缺少答复日期；没有答复的件请按今年交办的登记")
        return closed

    def _facts(self, said: Said, signed: date | None) -> dict[str, Any]:
        cells = said.cells
        contact_on, method = self._contact(said)
        handler = self._match(said, self.people, "handler")
        return {
            "reply_number": cells.text("reply_number"), "signatory": cells.text("signatory")[:40],
            "outcome": self._class(said, "outcome"), "current": self._class(said, "current"),
            "disclosure": self._term(said, Disclosure, "disclosure", OPENNESS),
            "published_on": self.reader.day(said, "published_on"), "public_url": cells.text("public_url")[:300],
            "section": self._match(said, self.sections, "section"), "leader": self._match(said, self.people, "leader"),
            "people": {Role.HANDLER: handler} if handler else {}, "accepted_on": self.reader.day(said, "accepted_on"),
            "contact_on": contact_on, "contact_method": method, "met_on": self.reader.day(said, "met_on"),
            "delivered_on": self.reader.day(said, "delivered_on"),
            "attitude": self._rating(said, "attitude"), "rating": self._rating(said, "rating"),
            "rated_on": self.reader.day(said, "rated_on"), "reason": cells.text("reason"),
            "archive_number": cells.text("archive_number"), "note": cells.text("note"),
        }  # fmt: skip

    def _match(self, said: Said, known: dict[str, Any], key: str) -> Any:
        """人员、科室 by name where exactly one has it; otherwise in words, and said."""
        words = said.cells.text(key)
        if words and words not in known:
            said.notes.append(f"台账所载{LABELS[key]}“{words}”没有对应")
        return known.get(words)

    def _class(self, said: Said, key: str) -> str:
        try:
            letter, more = read_class(said.cells.get(key), scheme=self._scheme(said))
        except ValueError as error:
            said.reasons.append(f"{LABELS[key]}{error}")
            return ""
        if more and more != letter:
            said.notes.append(f"{LABELS[key]}原文“{more}”")
        return letter

    def _scheme(self, said: Said) -> dict[str, str]:
        """The place's letters with what each means."""
        kind = said.entry.kind if said.entry else Kind.SUGGESTION
        if kind not in self.schemes:
            rows = profiles.current(self.unit, kind).classes
            self.schemes[kind] = {letter: one.definition for letter, one in rows.items()}
        return self.schemes[kind]

    def _rating(self, said: Said, key: str) -> Rating | None:
        words = re.sub(r"\s", "", said.cells.text(key))
        if not words or words in {"-", "—", "/", "无", "未评价"}:
            return None
        try:
            return Rating.of(RATINGS.get(words, words))
        except ValueError as error:
            said.reasons.append(f"{LABELS[key]}{error}")
            return None

    def _term(self, said: Said, terms: type[T], key: str, alike: dict[str, str]) -> T | None:
        words = said.cells.text(key)
        try:
            return terms.of(alike.get(words, words)) if words else None
        except ValueError:
            said.notes.append(f"{LABELS[key]}“{words}”认不出，只记在轨迹里")
            return None

    def _contact(self, said: Said) -> tuple[date | None, Method | None]:
        """首次沟通: its way in a column of its own, or day and way in one cell."""
        day, both = self.reader.day(said, "contacted_on"), said.cells.text("contact")
        found = re.match(r"[\d年月日./\-]+", both)
        rest = both[found.end() :] if found else both
        if found and day is None:
            try:
                day = Cells(contact=found.group()).day("contact")
            except ValueError:
                rest = both
        words = next(filter(None, re.split(r"[\s，,、；;（）()]+", rest)), "")
        method = next((one for one in Method if one.label == METHODS.get(words, words)), None)
        if (words and method is None) or (both and day is None):
            said.notes.append(f"首次沟通“{both}”")
        return day, method

    def _promises(self, said: Said, signed_on: date) -> tuple[Promise, ...]:
        cells = said.cells
        texts = [one.strip() for one in re.split(r"[；;\n]+", cells.text("promises")) if one.strip()]
        due = self.reader.day(said, "promised_on") or date(signed_on.year + 1, 12, 31)
        state = self._kept(cells.text("kept"))
        if not texts and state is not None:
            said.notes.append(f"落实状态“{cells.text('kept')}”")
        return tuple(Promise(one, due, state or CommitmentState.NOT_STARTED) for one in texts)

    def _kept(self, words: str) -> CommitmentState | None:
        for meaning, state in KEPT:
            if re.search(meaning, words):
                return state
        try:
            yes = read_yes(words)
        except ValueError:
            return CommitmentState.UNDERWAY
        return None if yes is None else CommitmentState.FULFILLED if yes else CommitmentState.NOT_STARTED

    def _words(self, cells: Cells) -> list[str]:
        """What has no row of its own, for the journal."""
        found = [f"{LABELS[key]}：{cells.text(key)}" for key in WORDS if cells.text(key)]
        second = "，".join(cells.text(key) for key in AGAIN if cells.text(key))
        return [*found, *([f"二次答复：{second}"] if second else [])]
