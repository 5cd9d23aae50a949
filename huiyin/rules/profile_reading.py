"""读一份办理规程：takes a parsed file apart and finds everything that is wrong with it, each by its key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import product
from typing import Any

from huiyin.rules.profile_keys import KEYS, PATHS, SECTIONS, Key, said
from huiyin.rules.profile_values import OutcomeClass, chain_key, days_of
from huiyin.rules.vocabulary import Gate, Level, Part, Rating, RoundKind

HEADINGS = {"name": 40, "title": 80, "version": 20}  # and how long each may be
NAME = set("abcdefghijklmnopqrstuvwxyz0123456789-_")
FLAGS = ("solved", "follow_up", "needs_commitment", "needs_reason")
LAW = {  # 《代表法》第五十一条: a place may set less, not more
    "periods.reply": (92, "三个月"), "periods.reply_hard": (183, "六个月"), "extension.cap": (183, "六个月"),
}  # fmt: skip
NOT_LONGER = (
    ("periods.reply", "periods.reply_hard"), ("periods.opinion", "periods.reply"), ("periods.contact", "periods.reply"),
    ("periods.return", "periods.reply"), ("periods.resubmit", "periods.reply"), ("periods.accept", "periods.reply"),
    ("periods.reply", "extension.cap"), ("extension.longest", "extension.cap"),
)  # fmt: skip
REPLIES = ("periods.reply", "periods.reply_hard", "periods.proposal", "periods.proposal_between")


@dataclass
class Reading:
    """读出来的规程, and what is wrong with it in sentences that name the key; nothing wrong: it can be used."""

    values: dict[str, Any] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)
    classes: dict[str, OutcomeClass] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, key: str, why: str) -> None:
        self.wrong.append(f"{key}：{why}")


def read(data: Mapping[str, Any]) -> Reading:
    """Everything in a file. What contradicts itself is looked for once every single value is right."""
    found = Reading()
    if extra := sorted(set(data) - {*HEADINGS, "classes", *SECTIONS}):
        found.add("顶层", f"有不认识的键 {'、'.join(extra)}")
    for key, longest in HEADINGS.items():
        got = data.get(key)
        if not isinstance(got, str) or not 0 < len(got.strip()) <= longest:
            found.add(key, f"缺少，或不是{longest}个字以内的文字")
        elif key == "name" and (set(got) - NAME or got == "compare"):
            found.add(key, "只能用小写字母、数字、- 和 _，不能是 compare")
    for section in SECTIONS:
        _section(found, section, data.get(section))
    _classes(found, data.get("classes"))
    if not found.wrong:
        for key, why in _contradictions(found.values, found.classes):
            found.add(key, why)
    return found


def _section(found: Reading, section: str, rows: object) -> None:
    if rows is None and all(key.optional for key in KEYS if key.section == section):
        return
    if not isinstance(rows, dict):
        found.add(section, "缺少这一部分")
        return
    if extra := sorted({f"{section}.{key}" for key in rows} - set(PATHS)):
        found.add(section, f"有不认识的键 {'、'.join(extra)}")
    for key in (one for one in KEYS if one.section == section):
        name = key.path.split(".", 1)[1]
        if name in rows:
            _value(found, key, rows[name])
        elif not key.optional:
            found.add(key.path, "缺少")


def _value(found: Reading, key: Key, row: object) -> None:
    if not isinstance(row, dict):
        found.add(key.path, "应写成 { …, basis = 依据 }")
        return
    if not isinstance(row.get("basis"), str) or not row["basis"].strip():
        found.add(key.path, "没有写依据（basis）")
        return
    try:
        found.values[key.path] = key.read(row)
    except ValueError as error:
        found.add(key.path, str(error))
    found.basis[key.path] = row["basis"].strip()


def _classes(found: Reading, rows: object) -> None:
    if not isinstance(rows, list) or not rows:
        found.add("classes", "至少要有一个类别")
        return
    before = len(found.wrong)
    for order, row in enumerate(rows, 1):
        letter = row.get("letter") if isinstance(row, dict) else None
        where = f"classes.{letter or order}"
        if why := _class_wrong(row, found.classes):
            found.add(where, why)
        else:
            found.classes[str(letter)] = OutcomeClass(**row)
    if len(found.wrong) == before and not any(one.solved for one in found.classes.values()):
        found.add("classes", "没有一个类别计为解决")


def _class_wrong(row: object, before: Mapping[str, OutcomeClass]) -> str:
    """What is wrong with one class, "" when nothing is."""
    if not isinstance(row, dict):
        return "应写成 [[classes]] 下的一组键"
    known = [one.name for one in fields(OutcomeClass)]
    if extra := sorted(set(row) - set(known)):
        return f"有不认识的键 {'、'.join(extra)}"
    for name in ("letter", "definition", "basis"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            return "没有写依据（basis）" if name == "basis" else f"{name} 缺少，或不是文字"
    flags = {"needs_commitment": False, "needs_reason": False, **row}
    if not all(isinstance(flags.get(flag), bool) for flag in FLAGS):
        return f"{'、'.join(FLAGS)} 应写 true 或 false"
    return _class_clash(row, before)


def _class_clash(row: dict[str, Any], before: Mapping[str, OutcomeClass]) -> str:
    if row["letter"] in before or len(row["letter"]) > 2:
        return "类别字母重复，或超过两个字"
    return "计为解决的类别不能又须跟踪" if row["solved"] and row["follow_up"] else ""


Wrong = Iterator[tuple[str, str]]


def _contradictions(values: dict[str, Any], classes: Mapping[str, OutcomeClass]) -> Wrong:
    """自相矛盾: periods out of order, rates over what is not asked, a chain that nobody can sign."""
    yield from _periods(values)
    yield from _extension(values)
    yield from _satisfaction(values)
    for key in (key for key in values if key.startswith("visits.")):
        if key.split(".")[1] not in classes:
            yield key, "没有这个类别"
    yield from _unsignable(values)


def _periods(values: dict[str, Any]) -> Wrong:
    for key, (days, law) in LAW.items():
        if values[key].days > days:
            yield key, f"{values[key].period.label}，超过《代表法》第五十一条的{law}"
    for shorter, longer in NOT_LONGER:
        one, other = values[shorter], values[longer]
        if one.days > other.days:
            yield shorter, f"{PATHS[shorter].label}{one.period.label}，比{longer}的{other.period.label}还长"
    ahead = days_of(values["periods.opinion"].before_reply)
    for key in REPLIES:
        if ahead >= values[key].days:
            label = values["periods.opinion"].before_reply.label
            yield "periods.opinion", f"主办答复期满{label}前，在交办之前：{key}只有{values[key].period.label}"
            return


def _extension(values: dict[str, Any]) -> Wrong:
    allowed, most = values["extension.allowed"], values["extension.most"]
    if allowed != (most > 0):
        yield "extension.most", f"最多延期{most}次，与 extension.allowed 的“{said(allowed)}”不合"
    if allowed and values["extension.cap"].days <= values["periods.reply"].days:
        yield "extension.cap", "可以申请延期，最长却不超过答复期限"


def _satisfaction(values: dict[str, Any]) -> Wrong:
    scale, numerator = values["satisfaction.scale"], values["satisfaction.numerator"]
    for inner, outer in (
        ("satisfaction.numerator", "satisfaction.scale"), ("rehandling.triggers", "satisfaction.questions"),
    ):  # fmt: skip
        if extra := [one for one in values[inner] if one not in values[outer]]:
            yield inner, f"{'、'.join(map(said, extra))}不在{outer}里"
    if Rating.DISSATISFIED not in scale:
        yield "satisfaction.scale", "档次里没有不满意"
    if Rating.DISSATISFIED in numerator:
        yield "satisfaction.numerator", "不满意不能计入满意率的分子"
    elif set(numerator) <= set(scale) and numerator != scale[: len(numerator)]:
        yield "satisfaction.numerator", "分子应从最好的一档起，中间不跳过"


def _unsignable(values: dict[str, Any]) -> Wrong:
    """A person signs once: a post in the review and in the issue chain of one item could not sign again."""
    seen = set[tuple[str, str]]()
    for part, level, kind in product(Part, Level, RoundKind):
        review, issue = (chain_key(values, gate, part, level, kind) for gate in (Gate.REVIEW, Gate.ISSUE))
        both = [role.label for role in values[issue] if role in values[review]]
        if both and (review, issue) not in seen:
            yield issue, f"{'、'.join(both)}在审核关（{review}）已签，签发关不能再签：这条次序没有人能签完"
        seen.add((review, issue))
