"""机构人员 (S8, R76): kept by an administrator, who has no business post and sees no item."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import own_unit
from huiyin.actions._profiles import in_force
from huiyin.actions._refused import Refused, require
from huiyin.models import Category, Meeting, Person, Post, Section, StandIn, Unit
from huiyin.rules.dates import zh
from huiyin.rules.profile import KEYS, Profile
from huiyin.rules.vocabulary import SECTION_ROLES, Deed, Kind, Role

SINGLE = {
    Role.OFFICE_DIRECTOR,
    Role.HANDLING_LEADER,
    Role.CHIEF_LEADER,
    Role.SECTION_HEAD,
    Role.BUSINESS_LEADER,
}


@transaction.atomic
def first_administrator(unit: Unit, *, name: str, username: str, at: datetime) -> Person:
    """首位系统管理员：only while nobody holds the post anywhere. His account has no password until he sets one."""
    require(姓名=name, 登录名=username)
    if Post.objects.filter(role=Role.ADMINISTRATOR).exists():
        raise Refused("已有系统管理员，请由其维护机构人员")
    person = Person(username=username, name=name, unit=unit, title="系统管理员")
    person.set_unusable_password()
    person.save()
    Post.objects.create(person=person, role=Role.ADMINISTRATOR, unit=unit)
    record_unit(unit, Deed.ORGANISE, by=person, at=at, text=f"设立首位系统管理员{name}")
    return person


@transaction.atomic
def save_unit(
    *, name: str, short_name: str, assigns: bool, unit: Unit | None = None, by: Person, at: datetime
) -> Unit:
    """登记外单位（协办单位、交办机关），或修改其名称."""
    require(全称=name, 简称=short_name)
    own = own_unit(by, Deed.ORGANISE, at=at)
    clash = Unit.objects.exclude(pk=unit.pk if unit else 0).filter(name__in=[name, short_name])
    clash |= Unit.objects.exclude(pk=unit.pk if unit else 0).filter(short_name__in=[name, short_name])
    if clash.exists():
        raise Refused(f"“{name}”或“{short_name}”已有同名单位")
    unit = unit or Unit()
    unit.name, unit.short_name, unit.assigns = name.strip(), short_name.strip(), assigns
    unit.save(update_fields=["name", "short_name", "assigns"] if unit.pk else None)
    record_unit(own, Deed.ORGANISE, by=by, at=at, text=f"单位：{name}", unit=unit.pk)
    return unit


@transaction.atomic
def save_section(
    *, name: str, short_name: str, order: int, active: bool = True,
    section: Section | None = None, by: Person, at: datetime,
) -> Section:  # fmt: skip
    """设立或修改科室."""
    require(科室名称=name, 简称=short_name)
    unit = own_unit(by, Deed.ORGANISE, at=at)
    if section is not None and section.unit_id != unit.pk:
        raise Refused("不是本单位的科室")
    same = Section.objects.filter(unit=unit, name=name).exclude(pk=section.pk if section else 0)
    if same.exists():
        raise Refused(f"已有科室“{name}”")
    section = section or Section(unit=unit)
    section.name, section.short_name, section.order, section.active = name, short_name, order, active
    section.save()
    record_unit(unit, Deed.ORGANISE, by=by, at=at, text=f"科室：{name}", section=section.pk)
    return section


@dataclass(frozen=True)
class PersonEntry:
    """人员登记内容."""

    username: str
    name: str
    title: str = ""
    phone: str = ""
    section: Section | None = None
    active: bool = True


@transaction.atomic
def save_person(entry: PersonEntry, *, person: Person | None = None, by: Person, at: datetime) -> Person:
    """登记或修改人员. A new account has no password until its one-time link is used."""
    require(登录名=entry.username, 姓名=entry.name)
    unit = own_unit(by, Deed.ORGANISE, at=at)
    if person is not None and person.unit_id != unit.pk:
        raise Refused("不是本单位的人员")
    if person == by and not entry.active:
        raise Refused("不能停用自己")
    if Person.objects.filter(username=entry.username).exclude(pk=person.pk if person else 0).exists():
        raise Refused(f"登录名“{entry.username}”已有人使用")
    if entry.section is not None and entry.section.unit_id != unit.pk:
        raise Refused("不是本单位的科室")
    if person is None:
        person = Person(unit=unit)
        person.set_unusable_password()
    person.username, person.name, person.title = entry.username, entry.name, entry.title
    person.phone, person.section, person.is_active = entry.phone, entry.section, entry.active
    person.save()
    record_unit(
        unit,
        Deed.ORGANISE,
        by=by,
        at=at,
        text=f"人员：{person.name}",
        person=person.username,
        active=entry.active,
    )
    return person


@transaction.atomic
def appoint(person: Person, role: Role, *, section: Section | None = None, by: Person, at: datetime) -> Post:
    """任岗. A post with one holder passes to the new one; an administrator holds no business post (R76)."""
    unit = own_unit(by, Deed.ORGANISE, at=at)
    _check_post(person, role, section, unit)
    if role in SINGLE:
        Post.objects.filter(role=role, unit=unit, section=section).exclude(person=person).delete()
    post, made = Post.objects.get_or_create(person=person, role=role, unit=unit, section=section)
    if made:
        record_unit(unit, Deed.ORGANISE, by=by, at=at, text=f"{person.name}任{post}", person=person.username)
    return post


def _check_post(person: Person, role: Role, section: Section | None, unit: Unit) -> None:
    found = []
    if person.unit_id != unit.pk or not person.is_active:
        found.append(f"{person.name}不是本单位在用的人员")
    if (role in SECTION_ROLES) != (section is not None):
        found.append(f"{role.label}{'须' if role in SECTION_ROLES else '不'}写明科室")
    if section is not None and section.unit_id != unit.pk:
        found.append("不是本单位的科室")
    held = set(person.posts.values_list("role", flat=True))
    if role == Role.ADMINISTRATOR and held - {role.value}:
        found.append(f"{person.name}有业务岗位，不能兼任系统管理员")
    if role != Role.ADMINISTRATOR and Role.ADMINISTRATOR.value in held:
        found.append(f"{person.name}是系统管理员，不能担任业务岗位")
    if found:
        raise Refused(found)


@transaction.atomic
def dismiss(post: Post, *, by: Person, at: datetime) -> None:
    """免岗. The last administrator stays."""
    unit = own_unit(by, Deed.ORGANISE, at=at)
    if post.unit_id != unit.pk:
        raise Refused("不是本单位的岗位")
    if (
        post.role == Role.ADMINISTRATOR
        and Post.objects.filter(role=Role.ADMINISTRATOR, unit=unit).count() == 1
    ):
        raise Refused("至少保留一位系统管理员")
    text = f"{post.person.name}不再任{post}"
    post.delete()
    record_unit(unit, Deed.ORGANISE, by=by, at=at, text=text, person=post.person.username)


@transaction.atomic
def stand_in(
    absent: Person,
    substitute: Person,
    *,
    from_on: date,
    to_on: date,
    reason: str = "",
    by: Person,
    at: datetime,
) -> StandIn:
    """安排代职, by dates, both counted; one substitute at a time, and no chains."""
    unit = own_unit(by, Deed.ORGANISE, at=at)
    found = []
    if absent.unit_id != unit.pk or substitute.unit_id != unit.pk or not substitute.is_active:
        found.append("代职双方都应是本单位在用的人员")
    if absent == substitute:
        found.append("不能由本人代本人")
    if to_on < from_on:
        found.append("止日早于起日")
    for one in (absent, substitute):
        if Post.objects.filter(person=one, role=Role.ADMINISTRATOR).exists():
            found.append(f"{one.name}是系统管理员，不参与代职")
    rows = StandIn.objects.filter(cancelled=False, from_on__lte=to_on, to_on__gte=from_on)
    if rows.filter(absent=absent).exists():
        found.append(f"{absent.name}在这段日期已有人代职")
    if rows.filter(absent=substitute).exists():
        found.append(f"{substitute.name}这段日期自己也不在岗")
    if found:
        raise Refused(found)
    row = StandIn.objects.create(
        absent=absent, substitute=substitute, from_on=from_on, to_on=to_on, reason=reason
    )
    record_unit(
        unit,
        Deed.ORGANISE,
        by=by,
        at=at,
        text=f"{zh(from_on)}至{zh(to_on)}由{substitute.name}代{absent.name}",
    )
    return row


@transaction.atomic
def end_stand_in(row: StandIn, *, by: Person, at: datetime) -> None:
    """取消代职; what was signed under it stays as signed."""
    unit = own_unit(by, Deed.ORGANISE, at=at)
    if row.absent.unit_id != unit.pk:
        raise Refused("不是本单位的代职")
    row.cancelled = True
    row.save()
    record_unit(unit, Deed.ORGANISE, by=by, at=at, text=f"取消{row}")


@transaction.atomic
def save_meeting(
    *, name: str, title: str, year: int, organ: str, fixed_due_on: date | None = None,
    meeting: Meeting | None = None, by: Person, at: datetime,
) -> Meeting:  # fmt: skip
    """设立届次会议."""
    require(简称=name, 全称=title, 会议主体=organ)
    unit = own_unit(by, Deed.ORGANISE, at=at)
    if Meeting.objects.filter(name=name).exclude(pk=meeting.pk if meeting else 0).exists():
        raise Refused(f"已有届次“{name}”")
    meeting = meeting or Meeting()
    meeting.name, meeting.title, meeting.year, meeting.organ = name, title, year, organ
    meeting.fixed_due_on = fixed_due_on
    meeting.save()
    record_unit(unit, Deed.ORGANISE, by=by, at=at, text=f"届次：{title}")
    return meeting


@transaction.atomic
def save_category(
    *, name: str, order: int, category: Category | None = None, by: Person, at: datetime
) -> Category:
    """设立内容分类 (S3)."""
    require(分类=name)
    unit = own_unit(by, Deed.ORGANISE, at=at)
    if Category.objects.filter(name=name).exclude(pk=category.pk if category else 0).exists():
        raise Refused(f"已有分类“{name}”")
    category = category or Category()
    category.name, category.order = name, order
    category.save()
    record_unit(unit, Deed.ORGANISE, by=by, at=at, text=f"内容分类：{name}")
    return category


@transaction.atomic
def choose_profile(unit: Unit, *, suggestion: str, proposal: str, by: Person, at: datetime) -> Unit:
    """选定办理规程, by name; "" for the default one (for proposals: the suggestions'). Items in hand keep the version
    they were assigned under. Refused where a profile cannot be read or its chains need a post that nobody holds."""
    own = own_unit(by, Deed.CHOOSE_PROFILE, at=at)
    if unit.pk != own.pk:
        raise Refused("不是本单位")
    before = (own.suggestion_profile, own.proposal_profile)
    own.suggestion_profile, own.proposal_profile = suggestion.strip(), proposal.strip()
    if before == (own.suggestion_profile, own.proposal_profile):
        return own
    own.save(update_fields=["suggestion_profile", "proposal_profile"])
    said, facts = [], dict[str, str]()
    for kind in Kind:
        found = in_force(own, kind, at=at)
        if reasons := vacant(own, found):
            raise Refused(reasons)
        said.append(f"{kind.label}按“{found.title}”（{found.version}）")
        facts[kind.value] = f"{found.name} {found.version}"
    record_unit(
        own, Deed.CHOOSE_PROFILE, by=by, at=at, text=f"办理规程：{'，'.join(said)}", before=before, **facts
    )
    return own


def vacant(unit: Unit, profile: Profile) -> list[str]:
    """Where the profile's chains need a post that nobody in the unit holds: each post once, with its chain."""
    held = set(Post.objects.filter(unit=unit, person__is_active=True).values_list("role", flat=True))
    found = dict[Role, str]()
    for key, label in ((one.path, one.label) for one in KEYS if one.section == "chains"):
        for post in profile.values.get(key, ()):
            if post not in held:
                found.setdefault(
                    post, f"“{profile.title}”的{label}要由{post.label}签，本单位没有人担任{post.label}"
                )
    return list(found.values())


@transaction.atomic
def set_first_password(person: Person, password: str, *, at: datetime) -> None:
    """首次设口令, through a one-time link; the link dies with the change."""
    person.set_password(password)
    person.save()
    if person.unit is not None:
        record_unit(person.unit, Deed.ORGANISE, by=person, at=at, text=f"{person.name}设置口令")
