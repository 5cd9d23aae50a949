"""总结的事例 (S28): items worth telling, each with its reasons, and the paragraph that tells it from its own records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from huiyin.models import Assignment, Category
from huiyin.queries import figures
from huiyin.queries.figures import Scope
from huiyin.queries.formulas import ANSWERS, MAIN, REPLIED
from huiyin.queries.quoted import told_by
from huiyin.rules.permissions import Actor
from huiyin.rules.profile import Profile
from huiyin.rules.quantities import measures, quantities
from huiyin.rules.vocabulary import CommitmentState, Level, RoundKind

MOST_CASES = 2  # cases a field, where nobody chose
FIELDS = 2  # fields told of, where nobody chose
ASKED = (
    "suggestion__proposers", "contacts", "activities", "commitments", "replies__version", "evaluations", "class_changes",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """一件候选事例."""

    item: Assignment

    @cached_property
    def amounts(self) -> list[str]:
        """答复、活动里的量, each once."""
        return list(dict.fromkeys(one.words for one in quantities(told_by(self.item))))

    @cached_property
    def profile(self) -> Profile:
        return self.item.profile

    @cached_property
    def reasons(self) -> list[tuple[int, str]]:
        """（分量, 理由）, why it is worth telling."""
        item = self.item
        found = [(4, "重点督办")] if item.suggestion.level == Level.KEY else []
        if item.solved:
            found.append(
                (
                    3,
                    f"{item.class_now}类"
                    if item.class_now == item.reply_class
                    else f"{item.reply_class}类转{item.class_now}类",
                )
            )
        if activities := len(item.activities.all()):
            found.append((min(activities, 3) + 1, f"现场调研、座谈{activities}次"))
        if self.amounts:
            found.append((3, f"有量：{'、'.join(self.amounts[:3])}"))
        kept = sum(one.state == CommitmentState.FULFILLED for one in item.commitments.all())
        if kept:
            found.append((2, f"承诺已落实{kept}项"))
        if item.rated_on and item.attitude_satisfied is not False and item.outcome_satisfied is not False:
            found.append((2, "代表评价满意"))
        if item.round_kind == RoundKind.SECOND:
            found.append((1, "二次办理"))
        return found

    @property
    def weight(self) -> int:
        return sum(one for one, _ in self.reasons)

    def told(self, begin: str = "如") -> str:
        """这一件的一段: its number and quantities are figures, the rest its own records' words."""
        item = self.item
        noun = item.suggestion.get_kind_display()
        parts = [
            f"{begin}针对{'人大' if noun == '建议' else '政协'}{noun}⟦item:{item.pk}⟧《{item.suggestion.title}》，",
            _went(item),
        ]
        said = measures(item.reply.version.clean_body()) if item.reply else []
        parts += [one for one in said if one.rstrip("。") not in parts[1]]
        parts[1:] = [self._quoted(one) for one in parts[1:]]
        if kept := [one for one in item.commitments.all() if one.state == CommitmentState.FULFILLED]:
            parts.append("答复承诺的" + "；".join(one.content.rstrip("。") for one in kept) + "，已经落实。")
        parts += _rated(item)
        return "".join(" ".join(part.split()) for part in parts)

    def _quoted(self, sentence: str) -> str:
        """A sentence with its quantities as figures, so that they open into the item."""
        parts, last = [], 0
        for one in quantities(sentence):
            parts += [sentence[last : one.start], f"⟦quantity:{self.item.pk}:{one.words}⟧"]
            last = one.end
        return "".join([*parts, sentence[last:]])


def _went(item: Assignment) -> str:
    activities, contacts = list(item.activities.all()), list(item.contacts.all())
    if activities:
        places = "、".join(dict.fromkeys(one.place for one in activities))
        times = f"先后{len(activities)}次" if len(activities) > 1 else "组织工作组"
        return f"我局{times}到{places}调研座谈。{activities[-1].findings.strip().rstrip('。')}。"
    return f"我局{len(contacts)}次与代表沟通，深入开展调查核实。" if contacts else "我局深入开展调查核实。"


def _rated(item: Assignment) -> list[str]:
    """代表的评价, each wording once."""
    said = []
    for attitude, outcome in dict.fromkeys(
        (one.get_attitude_display(), one.get_outcome_display()) for one in item.evaluations.all()
    ):
        if attitude == outcome:
            said.append(f"代表对办理态度和答复意见均表示{attitude}。")
        else:
            both = (("办理态度", attitude), ("答复意见", outcome))
            said.append(f"代表{'，'.join(f'对{what}表示{rating}' for what, rating in both if rating)}。")
    return said


@dataclass(frozen=True)
class Field:
    """一个方面（内容分类）and its candidates, best first."""

    category: Category | None
    cases: list[Case]

    @property
    def name(self) -> str:
        return self.category.name if self.category else "其他"


def fields(actor: Actor, scope: Scope) -> list[Field]:
    """候选事例 by category: the field with most items of our own answer first."""
    found = figures.counted_items(actor, scope).filter(MAIN & ANSWERS & REPLIED)
    rows = found.select_related(
        "suggestion__category", "suggestion__meeting", "section", "handler"
    ).prefetch_related(*ASKED)
    grouped: dict[int | None, list[Case]] = {}
    for item in rows.order_by("number_key", "pk"):
        grouped.setdefault(item.suggestion.category_id, []).append(Case(item))
    ranked = sorted(grouped.values(), key=_place)
    return [
        Field(
            cases[0].item.suggestion.category,
            sorted(filter(_open, cases), key=lambda one: (-one.weight, one.item.suggestion.number_key)),
        )
        for cases in ranked
    ]


def _open(case: Case) -> bool:
    """What is secret, or whose proposer asked for confidentiality (R7), is told in no paper that goes out."""
    its = case.item.suggestion
    return not (its.secret or its.confidential)


def _place(cases: Sequence[Case]) -> tuple[bool, int, int]:
    first = sum(one.item.round_kind == RoundKind.FIRST for one in cases)
    category = cases[0].item.suggestion.category
    return category is None, -first, category.order if category else 0


def proposed(found: Iterable[Field]) -> list[int]:
    """系统建议选的, where nobody chose: the weightiest of the first fields."""
    named = [one for one in found if one.category][:FIELDS]
    return [case.item.pk for one in named for case in one.cases[:MOST_CASES]]


def paragraphs(
    found: Iterable[Field], chosen: Sequence[int], kept: dict[int, str] | None = None
) -> list[str]:
    """三、的各段: under each field's heading the chosen cases in the order given; what was `kept` of a case stays."""
    where = {case.item.pk: (field, case) for field in found for case in field.cases}
    picked = [pk for pk in chosen if pk in where]
    names = list(dict.fromkeys(where[pk][0].name for pk in picked))
    lines = []
    for place, name in enumerate(names, 1):
        field = next(where[pk][0] for pk in picked if where[pk][0].name == name)
        told = f"⟦category:{field.category.pk}⟧" if field.category else name
        lines.append(f"（{numeral(place)}）{told}方面")
        own = [pk for pk in picked if where[pk][0] is field]
        for n, pk in enumerate(own):
            lines.append((kept or {}).get(pk) or where[pk][1].told("又如" if n else "如"))
    return lines


def numeral(number: int) -> str:
    """1 → 一, up to 99."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return f"{'' if tens == 1 else digits[tens]}十{digits[ones] if ones else ''}"
