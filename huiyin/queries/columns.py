"""台账的各列 (S16): what each shows of an item, how it is asked, sorted and grouped, and what is read for it.

The page, the exports and the figures' links use these and nothing else. A column that does not sort says why. What
stands in rows of its own (contacts, evaluations, promises …) is asked through those rows; names of those who asked for
confidentiality are neither shown nor found (R7).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce

from huiyin.models import (
    Assignment,
    Commitment,
    Contact,
    CoOpinion,
    Evaluation,
    Reply,
    SupervisionPlan,
)
from huiyin.queries.actors import items_for
from huiyin.queries.column_filters import (
    YES,
    by_co_units,
    by_extension,
    by_following,
    by_how_many,
    by_lead_unit,
    by_proposers,
    categories,
    flag,
    having,
    letters,
    link,
    meetings,
    own_unit,
    people,
    picked,
    sections,
    terms,
    units,
    word,
)
from huiyin.queries.column_labels import LABELS
from huiyin.queries.filters import Choice, Day, Filter, Number, Text
from huiyin.queries.opinions import worst
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import (
    CommitmentState,
    Disclosure,
    EntryMode,
    Kind,
    Level,
    Method,
    OpinionState,
    Origin,
    Part,
    Rating,
    RoundKind,
    Status,
    Term,
)

HIDDEN = "（保密）"
Fetch = Callable[[Actor], "str | Prefetch[Any]"]


@dataclass(frozen=True)
class Column:
    """台账的一列. `joins` and `fetches` are what its value reads of other tables; `sort` the field it is sorted by, or
    else `unsorted` says why it is not; `group` the field by which items are grouped."""

    key: str
    value: Callable[[Assignment], object]
    by: Filter
    sort: Any = ""
    joins: tuple[str, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    on_page: bool = False
    dated: Callable[[Assignment, date], object] | None = None
    group: str = ""
    unsorted: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.key]

    def read(self, item: Assignment, on: date) -> object:
        """Its value that day; nothing reads ""."""
        value = self.dated(item, on) if self.dated else self.value(item)
        return "" if value is None else value


# 从哪里读


def _fetch(path: str) -> Fetch:
    return lambda _: path


PROPOSERS, REPLIES, CONTACTS, RATINGS, PROMISES = (
    _fetch(one) for one in ("suggestion__proposers", "replies__signatory", "contacts", "evaluations", "commitments")
)  # fmt: skip
VERSIONS, OPINIONS, EXTENSIONS = _fetch("replies__version"), _fetch("opinions"), _fetch("clocks__extensions")


def _next(actor: Actor) -> "Prefetch[Any]":
    """下一轮, where he may see that."""
    return Prefetch("following", items_for(actor))


def following(item: Assignment) -> Assignment | None:
    """下一轮, as far as it was fetched for him."""
    found: Assignment | None = item.__dict__["_state"].fields_cache.get("following")
    return found


def _after(item: Assignment, name: str) -> object:
    found = following(item)
    return getattr(found, name) if found else ""


# 各列的值


def _of(name: str) -> Callable[[Assignment], object]:
    return lambda item: getattr(item, name)


def _labelled(kind: type[Term], name: str) -> Callable[[Assignment], object]:
    return lambda item: kind(value).label if (value := getattr(item, name)) else ""


def _name(name: str, of: str = "name") -> Callable[[Assignment], object]:
    return lambda item: getattr(found, of) if (found := getattr(item, name)) else ""


def _yes(name: str) -> Callable[[Assignment], object]:
    return lambda item: "是" if getattr(item, name) else ""


def _each(name: str, read: Callable[[Any], object]) -> Callable[[Assignment], object]:
    """Of each of its rows, one after the other."""
    return lambda item: "；".join(str(said) for one in getattr(item, name).all() if (said := read(one)))


def lead_name(item: Assignment) -> str:
    """领衔人；a list names nobody who asked for confidentiality (R7)."""
    if item.suggestion.confidential:
        return HIDDEN
    return item.suggestion.lead.name if item.suggestion.lead else ""


def _co_signers(item: Assignment) -> str:
    if item.suggestion.confidential:
        return HIDDEN
    return "、".join(one.name for one in item.suggestion.proposers.all() if not one.is_lead)


def _delegation(item: Assignment) -> str:
    lead = item.suggestion.lead
    return lead.delegation if lead and not item.suggestion.confidential else ""


def _first_method(item: Assignment) -> str:
    first = min(item.contacts.all(), key=lambda one: (one.on, one.pk), default=None)
    return first.get_method_display() if first else ""


def _reply(item: Assignment, read: Callable[[Reply], object]) -> object:
    return read(item.reply) if item.reply else ""


CARRIED = Q(suggestion__origin=Origin.CARRIED) | Q(round_kind=RoundKind.SECOND)
REPEATED = ~CARRIED & Q(suggestion__source__isnull=False)


def nature(origin: str, round_kind: str, source: int | None) -> str:
    """性质, of where it came from, its round and the earlier one it takes up again."""
    if origin == Origin.CARRIED or round_kind == RoundKind.SECOND:
        return "上年结转"
    return "多年重复" if source else "当年"


def _extended_to(item: Assignment) -> object:
    granted = [
        one.granted_to
        for clock in item.clocks.all()
        for one in clock.extensions.all()
        if one.agreed and one.granted_to
    ]
    return max(granted, default="")


def _plan_leader(item: Assignment) -> str:
    plan = getattr(item, "plan", None)
    return plan.leader.name if plan else ""


MANY = "一件可有几项"
ELSEWHERE = "另有表格记着，排不了序"
SUGGESTION = "suggestion"
MEETING = "suggestion__meeting"

COLUMNS = (
    Column("number", lambda i: i.suggestion.number, Text(("suggestion__number",)), "number_key",
           (SUGGESTION,), on_page=True),
    Column("kind", lambda i: i.suggestion.get_kind_display(), word("suggestion__kind", terms(Kind)), "suggestion__kind",
           (SUGGESTION,), on_page=True, group="suggestion__kind"),
    Column("title", lambda i: i.suggestion.title, Text(("suggestion__title",)), "suggestion__title", (SUGGESTION,),
           (OPINIONS,), True),
    Column("lead", lead_name, Text(("name",), by_proposers(is_lead=True)), "", (SUGGESTION,), (PROPOSERS,), True,
           unsorted="要求保密的姓名不能从次序里看出来"),
    Column("part", lambda i: i.part_label(), word("part", terms(Part)), "part", on_page=True, group="part"),
    Column("section", _name("section"), link("section", sections), "section__order", ("section",), on_page=True,
           group="section"),
    Column("handler", _name("handler"), link("handler", people("handler")), "handler__name", ("handler",), on_page=True,
           group="handler"),
    Column("status", lambda i: i.get_status_display(), word("status", terms(Status)), "status", on_page=True,
           group="status"),
    Column("due_on", _of("due_on"), Day(("due_on",)), "due_on", on_page=True),
    Column("provisional", lambda i: "暂定" if i.due_provisional else "", flag(Q(due_provisional=True)), "due_provisional",
           group="due_provisional"),
    Column("outcome", _of("reply_class"), word("reply_class", letters), "reply_class", on_page=True,
           group="reply_class"),
    Column("rating", _labelled(Rating, "outcome"), word("outcome", terms(Rating)), "outcome", on_page=True,
           group="outcome"),
    Column("session", lambda i: i.suggestion.meeting.name, link(MEETING, meetings), "suggestion__meeting__year",
           (MEETING,), group=MEETING),
    Column("meeting", lambda i: i.meeting.name, link("meeting", meetings), "meeting__year", ("meeting",),
           group="meeting"),
    Column("year", lambda i: i.meeting.year, Number(("meeting__year",)), "meeting__year", ("meeting",),
           group="meeting__year"),
    Column("origin", lambda i: i.suggestion.get_origin_display(), word("suggestion__origin", terms(Origin)),
           "suggestion__origin", (SUGGESTION,), group="suggestion__origin"),
    Column("nature", lambda i: nature(i.suggestion.origin, i.round_kind, i.suggestion.source_id),
           picked(current=("当年", ~CARRIED & ~REPEATED), repeated=("多年重复", REPEATED), carried=("上年结转", CARRIED)), "",
           (SUGGESTION,), unsorted="由来源和轮次合成"),
    Column("from_bill", lambda i: "是" if i.suggestion.origin == Origin.FROM_BILL else "",
           flag(Q(suggestion__origin=Origin.FROM_BILL)), "", (SUGGESTION,), unsorted="按“来源”排"),
    Column("co_signers", _co_signers, Text(("name",), by_proposers(is_lead=False)), "", (SUGGESTION,), (PROPOSERS,),
           unsorted=MANY),
    Column("proposers", lambda i: len(i.suggestion.proposers.all()), Number(("size",), by_how_many), "", (SUGGESTION,),
           (PROPOSERS,), unsorted="须逐件数"),
    Column("delegation", _delegation, Text(("delegation",), by_proposers(is_lead=True)), "", (SUGGESTION,),
           (PROPOSERS,), unsorted="要求保密的不能从次序里看出来"),
    Column("category", lambda i: i.suggestion.category.name if i.suggestion.category else "",
           link("suggestion__category", categories), "suggestion__category__order", ("suggestion__category",),
           group="suggestion__category"),
    Column("text", lambda i: i.suggestion.text, Text(("suggestion__text",)), "", (SUGGESTION,), unsorted="长文不排序"),
    Column("round", lambda i: i.get_round_kind_display(), word("round_kind", terms(RoundKind)), "round",
           group="round_kind"),
    Column("level", lambda i: i.suggestion.get_level_display(), word("suggestion__level", terms(Level)),
           "suggestion__level", (SUGGESTION,), group="suggestion__level"),
    Column("confidential", lambda i: "是" if i.suggestion.confidential else "", flag(Q(suggestion__confidential=True)),
           "suggestion__confidential", (SUGGESTION,)),
    Column("received_on", lambda i: i.suggestion.received_on, Day(("suggestion__received_on",)),
           "suggestion__received_on", (SUGGESTION,)),
    Column("organ", _name("organ"), link("organ", units(assigns=True)), "organ__short_name", ("organ",),
           group="organ"),
    Column("assigned_on", _of("assigned_on"), Day(("assigned_on",)), "assigned_on"),
    Column("unit", _name("unit", "short_name"), link("unit", own_unit), "unit__short_name", ("unit",), group="unit"),
    Column("lead_unit", lambda i: (i.lead_unit or i.unit).name, Text(("name",), by_lead_unit),
           Coalesce("lead_unit__name", "unit__name"), ("lead_unit", "unit")),
    Column("part_text", _of("part_text"), Text(("part_text",)), "part_text"),
    Column("co_units", lambda i: "、".join(u.name for u in i.named_co_units.all()), Text(("name",), by_co_units), "",
           fetches=(_fetch("named_co_units"),), unsorted=MANY),
    Column("leader", _name("responsible_leader"), link("responsible_leader", people("responsible_leader")),
           "responsible_leader__name", ("responsible_leader",), group="responsible_leader"),
    Column("phone", _name("handler", "phone"), Text(("handler__phone",)), "handler__phone", ("handler",)),
    Column("accepted_on", _of("accepted_on"), Day(("accepted_on",)), "accepted_on"),
    Column("extended", lambda i: "是" if _extended_to(i) else "",
           Choice(options=lambda _: [(YES, "是")], each={YES: lambda _: Q(pk__isnull=False)}, where=by_extension), "",
           fetches=(EXTENSIONS,), unsorted="按“延至”筛选"),
    Column("extended_to", _extended_to, Day(("granted_to",), by_extension), "", fetches=(EXTENSIONS,),
           unsorted=ELSEWHERE),
    Column("contacted_on", _of("contacted_on"), Day(("contacted_on",)), "contacted_on"),
    Column("contact", _first_method, Choice(("method",), having(Contact), options=terms(Method)), "",
           fetches=(CONTACTS,), unsorted=ELSEWHERE),
    Column("met_on", _of("met_on"), Day(("met_on",)), "met_on"),
    Column("opinions_state", lambda i: "", Choice(("state",), having(CoOpinion), options=terms(OpinionState)), "",
           fetches=(OPINIONS, _fetch("opinions__unit")), dated=lambda i, on: worst(i, on) or "", unsorted="随日期变"),
    Column("opinions", _each("opinions", lambda o: o.received_on), Day(("received_on",), having(CoOpinion)), "",
           fetches=(OPINIONS,), unsorted=MANY),
    Column("reply_number", _of("reply_number"), Text(("reply_number",)), "reply_number"),
    Column("signatory", lambda i: _reply(i, lambda r: r.signed_by),
           Text(("signatory__name", "signed_name"), having(Reply)), "", fetches=(REPLIES,), unsorted=ELSEWHERE),
    Column("replied_on", _of("replied_on"), Day(("replied_on",)), "replied_on"),
    Column("late", _yes("late"), flag(Q(late=True)), "late", group="late"),
    Column("delivered_on", _of("delivered_on"), Day(("delivered_on",)), "delivered_on"),
    Column("disclosure", lambda i: _reply(i, lambda r: r.version.get_disclosure_display()),
           Choice(("version__disclosure",), having(Reply), options=terms(Disclosure)), "", fetches=(VERSIONS,),
           unsorted=ELSEWHERE),
    Column("published_on", lambda i: _reply(i, lambda r: r.published_on), Day(("published_on",), having(Reply)), "",
           fetches=(REPLIES,), unsorted=ELSEWHERE),
    Column("public_url", lambda i: _reply(i, lambda r: r.public_url), Text(("public_url",), having(Reply)), "",
           fetches=(REPLIES,), unsorted=ELSEWHERE),
    Column("attitude", _labelled(Rating, "attitude"), word("attitude", terms(Rating)), "attitude", group="attitude"),
    Column("rated_on", _of("rated_on"), Day(("rated_on",)), "rated_on"),
    Column("mode", _each("evaluations", lambda e: e.get_mode_display()),
           Choice(("mode",), having(Evaluation), options=terms(EntryMode)), "", fetches=(RATINGS,), unsorted=MANY),
    Column("reason", _each("evaluations", lambda e: e.reason), Text(("reason",), having(Evaluation)), "",
           fetches=(RATINGS,), unsorted=MANY),
    Column("again_on", lambda i: _after(i, "replied_on"), Day(("replied_on",), by_following), "", fetches=(_next,),
           unsorted="在下一轮的那一件里"),
    Column("again_number", lambda i: _after(i, "reply_number"), Text(("reply_number",), by_following), "",
           fetches=(_next,), unsorted="在下一轮的那一件里"),
    Column("again_class", lambda i: _after(i, "reply_class"), Choice(("reply_class",), by_following, options=letters),
           "", fetches=(_next,), unsorted="在下一轮的那一件里"),
    Column("again_rating", lambda i: Rating(str(found)).label if (found := _after(i, "outcome")) else "",
           Choice(("outcome",), by_following, options=terms(Rating)), "", fetches=(_next,), unsorted="在下一轮的那一件里"),
    Column("promises", _each("commitments", lambda c: c.content), Text(("content",), having(Commitment)), "promises",
           fetches=(PROMISES,)),
    Column("promised_on", _each("commitments", lambda c: c.due_on), Day(("due_on",), having(Commitment)), "",
           fetches=(PROMISES,), unsorted=MANY),
    Column("kept", _each("commitments", lambda c: c.get_state_display()),
           Choice(("state",), having(Commitment), options=terms(CommitmentState)), "", fetches=(PROMISES,),
           unsorted=MANY),
    Column("current", _of("class_now"), word("class_now", letters), "class_now", group="class_now"),
    Column("plan_leader", _plan_leader, Text(("leader__name",), having(SupervisionPlan)), "plan__leader__name",
           ("plan__leader",)),
    Column("closed_on", _of("closed_on"), Day(("closed_on",)), "closed_on"),
    Column("archive_number", _of("archive_number"), Text(("archive_number",)), "archive_number"),
    Column("note", _of("note"), Text(("note",)), "note"),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
GROUPS = {column.key: column for column in COLUMNS if column.group}
ON_PAGE = tuple(column for column in COLUMNS if column.on_page)


def chosen(keys: str) -> tuple[Column, ...]:
    """The columns named, joined by commas, in that order; those of the page where none is known."""
    found = tuple(BY_KEY[key] for key in dict.fromkeys(keys.split(",")) if key in BY_KEY)
    return found or ON_PAGE
