"""一件的公文：which papers can be made of an item now, for whom, and from which records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from huiyin.documents import evaluation, labels, letters, sheets
from huiyin.documents.facts import Facts
from huiyin.models import Assignment, CoOpinion, ReplyVersion
from huiyin.queries.signing_sheet import signatures
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import OpinionState, PaperKind, VersionOrigin

K = PaperKind
ASKED = (OpinionState.PLANNED, OpinionState.REQUESTED, OpinionState.RECEIVED, OpinionState.MISSING)


@dataclass(frozen=True)
class Order:
    """要打印的一件. `hidden`: whoever prints may not know who proposed it (R7); `address`: where the opinion form of
    the proposer with that key is entered."""

    item: Assignment
    on: date
    hidden: bool
    address: Callable[[int], str]

    @property
    def day(self) -> str:
        return zh(self.on)


@dataclass(frozen=True)
class Target:
    """给谁的一份: its key in the address, and its name."""

    key: str
    name: str


@dataclass(frozen=True)
class Recipe:
    """一种公文怎样从一件的记录做出来. `names` the proposer: not for those who may not know him. `joint`: one for all can
    be made too."""

    kind: PaperKind
    wanting: Callable[[Order], str]  # why it cannot be made now; "" when it can
    facts: Callable[[Order, str], Facts]
    targets: Callable[[Order], list[Target]] | None = None
    names: bool = False
    joint: bool = False
    each: str = "每人一份"

    def refusal(self, order: Order) -> str:
        if self.names and order.hidden:
            return "提出人要求保密，只有经办人能做"
        return self.wanting(order)

    def copies(self, order: Order) -> list[Target]:
        return self.targets(order) if self.targets else []


def version_of(item: Assignment) -> ReplyVersion | None:
    """What a letter is made of: the text issued, or else the one last submitted."""
    return item.reply.version if item.reply else item.submitted_version


def shown_version(item: Assignment) -> ReplyVersion | None:
    """征求意见稿: the one last shown to a proposer; before that, what is being written."""
    shown = [one for one in item.versions.all() if one.origin == VersionOrigin.SHOWN]
    return shown[-1] if shown else item.draft or item.submitted_version


def opinions(item: Assignment) -> list[CoOpinion]:
    return [one for one in item.opinions.select_related("unit", "version") if one.state in ASKED]


def _letter_wanting(order: Order, answers: bool) -> str:
    if order.item.answers != answers:
        return "协办件由主办单位答复" if answers else "本件由本单位答复，不送协办意见"
    return "" if version_of(order.item) else "还没有送审的稿本"


def _letter(order: Order, to: str) -> Facts:
    version = version_of(order.item)
    assert version is not None
    return letters.reply_facts(order.item, version, to=to)


def _addressees(order: Order) -> list[Target]:
    return [Target(one, one) for one in order.item.addressees()]


def _consultation(order: Order, to: str) -> Facts:
    version = shown_version(order.item)
    assert version is not None
    to = to or order.item.addressees()[0]
    sent = version.consultations.filter(proposer__name=to).first()
    return letters.consultation_facts(order.item, version, to=to, on=zh(sent.sent_on if sent else order.on))


def _evaluation(order: Order, to: str) -> Facts:
    to = to or order.item.addressees()[0]
    key = next(one.pk for one in order.item.suggestion.proposers.all() if one.name == to)
    return evaluation.evaluation_facts(order.item, to=to, address=order.address(key), on=order.day)


def _request(order: Order, to: str) -> Facts:
    found = opinions(order.item)
    return letters.request_facts(next((one for one in found if str(one.pk) == to), found[-1]))


def _requested(order: Order) -> list[Target]:
    again = {1: ""}
    return [
        Target(str(one.pk), f"{one.unit.short_name}{again.get(one.round, f'（第{one.round}次）')}")
        for one in opinions(order.item)
    ]


def _visit(order: Order, to: str) -> Facts:
    found = list(order.item.visits.all())
    visit = next((one for one in found if str(one.pk) == to), found[-1])
    return sheets.visit_facts(visit, on=order.day, hidden=order.hidden)


def _visits(order: Order) -> list[Target]:
    return [Target(str(one.pk), zh(one.done_on or one.planned_on)) for one in order.item.visits.all()]


def _sheet(make: Callable[..., Facts]) -> Callable[[Order, str], Facts]:
    return lambda order, _: make(order.item, on=order.day, hidden=order.hidden)


RECIPES = (
    Recipe(K.REPLY, lambda o: _letter_wanting(o, True), _letter, _addressees, names=True, joint=True),
    Recipe(K.REPLY_ORDINARY, lambda o: _letter_wanting(o, True), _letter, _addressees, names=True, joint=True),
    Recipe(K.OPINION, lambda o: _letter_wanting(o, False), _letter, names=True),
    Recipe(K.EVALUATION, lambda o: "协办件不收征询意见表" if not o.item.answers else "" if o.item.reply else "签发以后随答复送出",
           _evaluation, _addressees, names=True),
    Recipe(K.CONSULTATION, lambda o: "" if o.item.answers and shown_version(o.item) else "还没有起草答复" if o.item.answers else "协办件不征求代表意见",
           _consultation, _addressees, names=True),
    Recipe(K.REQUEST, lambda o: "" if opinions(o.item) else "还没有拟定征求意见的单位", _request, _requested, each="每个单位一份"),
    Recipe(K.ASSIGNMENT, lambda o: "" if o.item.section else "还没有定承办科室", _sheet(sheets.assignment_facts)),
    Recipe(K.SIGNING, lambda o: "" if signatures(o.item) else "还没有人审签",
           lambda o, _: sheets.signing_facts(o.item, signatures(o.item), on=o.day, hidden=o.hidden)),
    Recipe(K.LABELS, lambda o: "" if o.item.reply else "签发以后再打印", lambda o, _: labels.labels_facts([o.item]), names=True),
    Recipe(K.FACE_REPLY, lambda o: "" if o.item.answers else "协办件不直接答复代表", _sheet(sheets.face_reply_facts), names=True),
    Recipe(K.VISIT, lambda o: "" if o.item.visits.all() else "还没有安排回访", _visit, _visits, each="每次一份"),
    Recipe(K.CHRONOLOGY, lambda o: "", lambda o, _: sheets.chronology_facts(
        o.item, o.item.events.select_related("by", "behalf").order_by("seq"), on=o.day, hidden=o.hidden)),
)  # fmt: skip
RECIPE_OF = {one.kind: one for one in RECIPES}
