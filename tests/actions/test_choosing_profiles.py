"""选定办理规程：new items go by what the administrator chose; items in hand keep the version they were assigned under."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huiyin.actions import Refused, organising
from huiyin.actions._journal import broken_links
from huiyin.actions._profiles import in_force
from huiyin.models import Assignment, Event, Post, ProfileVersion, Unit
from huiyin.models.profile import profile_of
from huiyin.rules import profile
from huiyin.rules.vocabulary import ClockKind, Deed, Kind, Origin, Role
from tests.conftest import Bureau, day

AT = day("2020-06-01")


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Callable[..., Path]:
    """A profile of the office's own, made from the shipped one by replacing words."""
    settings.PROFILE_FOLDERS = [tmp_path]
    profile_of.cache_clear()  # kept texts never change, but those of another test are gone

    def write(name: str, **changes: str) -> Path:
        text = (
            (profile.FOLDER / "jiangxi.toml")
            .read_text(encoding="utf-8")
            .replace('name = "jiangxi"', f'name = "{name}"')
        )
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def choose(bureau: Bureau, suggestion: str = "", proposal: str = "") -> None:
    organising.choose_profile(bureau.unit, suggestion=suggestion, proposal=proposal, by=bureau.admin, at=AT)
    bureau.clerk.refresh_from_db()  # as on his next request


def test_new_items_go_by_what_was_chosen_and_old_ones_do_not(bureau: Bureau) -> None:
    before = bureau.register(number="001")
    choose(bureau, suggestion="qingdao")
    after = bureau.register(number="002")
    assert (before.profile_name, after.profile_name, after.profile_version) == (
        "jiangxi",
        "qingdao",
        "2021.2",
    )
    assert Assignment.objects.get(pk=before.pk).profile.name == "jiangxi"
    kinds = [set(item.clocks.values_list("kind", flat=True)) for item in (before, after)]
    assert kinds[0] - kinds[1] == {ClockKind.CONTACT.value}  # 青岛 sets no date for the first contact
    dues = [item.clocks.get(kind=ClockKind.RETURN).due_on for item in (before, after)]
    assert dues == [date(2020, 6, 12), date(2020, 6, 5)]  # 10 and 5 working days from 2020-05-29


def test_proposals_may_go_by_another(bureau: Bureau) -> None:
    choose(bureau, suggestion="chongqing", proposal="sichuan")
    facts: dict[str, Any] = {"kind": Kind.PROPOSAL, "assigned_on": date(2020, 3, 10)}
    session = bureau.register(number="001", origin=Origin.SESSION, **facts)
    between = bureau.register(number="002", origin=Origin.BETWEEN, **facts)
    suggestion = bureau.register(number="003", assigned_on=date(2020, 3, 10))
    assert [one.profile_name for one in (session, between, suggestion)] == ["sichuan", "sichuan", "chongqing"]
    assert [one.due_on for one in (session, between)] == [date(2020, 8, 10), date(2020, 6, 10)]


def test_without_a_choice_of_their_own_proposals_go_by_the_suggestions(bureau: Bureau) -> None:
    choose(bureau, suggestion="shanghai")
    assert in_force(Unit.objects.get(pk=bureau.unit.pk), Kind.PROPOSAL, at=AT).name == "shanghai"
    choose(bureau)
    unit = Unit.objects.get(pk=bureau.unit.pk)
    assert [in_force(unit, kind, at=AT).name for kind in Kind] == ["jiangxi", "jiangxi"]


def test_the_choice_is_on_the_units_chain_and_its_text_is_kept(bureau: Bureau) -> None:
    choose(bureau, suggestion="chongqing", proposal="cppcc")
    event = Event.objects.get(deed=Deed.CHOOSE_PROFILE)
    assert event.stream == f"unit:{bureau.unit.pk}"
    assert event.by == bureau.admin
    assert (
        event.text == "办理规程：建议按“重庆市办理规程”（2017.2），提案按“政协提案办理规程（通用）”（2018.2）"
    )
    assert broken_links() == []
    for name, version in (("chongqing", "2017.2"), ("cppcc", "2018.2")):
        kept = ProfileVersion.objects.get(name=name, version=version)
        assert (kept.text, kept.kept_at) == (profile.named(name).text, AT)


def test_the_same_choice_again_leaves_no_trace(bureau: Bureau) -> None:
    choose(bureau, suggestion="henan")
    choose(bureau, suggestion="henan")
    assert Event.objects.filter(deed=Deed.CHOOSE_PROFILE).count() == 1


@pytest.mark.parametrize("who", ["clerk", "chief", "director", "handler", "stranger"])
def test_nobody_but_the_administrator_chooses(bureau: Bureau, who: str) -> None:
    with pytest.raises(Refused, match="须由系统管理员选定办理规程"):
        organising.choose_profile(bureau.unit, suggestion="henan", proposal="", by=bureau.people[who], at=AT)
    assert not Event.objects.filter(deed=Deed.CHOOSE_PROFILE).exists()


def test_nobody_chooses_for_another_unit(bureau: Bureau) -> None:
    other = Unit.objects.get(short_name="市水利局")
    with pytest.raises(Refused, match="不是本单位"):
        organising.choose_profile(other, suggestion="henan", proposal="", by=bureau.admin, at=AT)


def refused(bureau: Bureau, **names: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        choose(bureau, **names)
    unit = Unit.objects.get(pk=bureau.unit.pk)
    assert (unit.suggestion_profile, unit.proposal_profile) == ("", "")
    assert not Event.objects.filter(deed=Deed.CHOOSE_PROFILE).exists()
    return caught.value.reasons


def test_a_profile_that_is_not_there(bureau: Bureau) -> None:
    assert refused(bureau, suggestion="nowhere")[0].startswith(
        "没有名为“nowhere”的办理规程，可用的有：beijing"
    )
    assert refused(bureau, proposal="../jiangxi")[0].startswith("没有名为“../jiangxi”")


def test_a_profile_that_does_not_load(bureau: Bureau, own: Callable[..., Path]) -> None:
    own("nankang", **{'period = "3m"': 'period = "4m"'})
    assert refused(bureau, suggestion="nankang")[0].startswith("nankang.toml：periods.reply：4个月，超过")


def test_a_post_that_nobody_holds_is_named_with_its_chain(bureau: Bureau) -> None:
    post = Post.objects.get(role=Role.CHIEF_LEADER, unit=bureau.unit)
    organising.dismiss(post, by=bureau.admin, at=AT)
    assert refused(bureau, suggestion="henan") == [
        "“河南省办理规程”的签发关要由主要领导签，本单位没有人担任主要领导"
    ]
    assert refused(bureau, proposal="qingdao")[0].startswith("“江西（赣州）办理规程”的签发关要由主要领导签")


def test_a_holder_who_has_left_does_not_count(bureau: Bureau) -> None:
    organising.save_person(
        organising.PersonEntry("director", "曾建平", active=False),
        person=bureau.director,
        by=bureau.admin,
        at=AT,
    )
    assert refused(bureau, suggestion="henan") == [
        "“河南省办理规程”的交办关要由办公室主任签，本单位没有人担任办公室主任"
    ]


def test_a_text_that_changed_needs_a_new_version(bureau: Bureau, own: Callable[..., Path]) -> None:
    own("nankang")
    choose(bureau, suggestion="nankang")
    first = bureau.register(number="001")
    own("nankang", **{'contact    = { period = "20wd"': 'contact    = { period = "10wd"'})
    with pytest.raises(Refused, match=r"内容改了，版本号仍是2020.2：请换一个版本号再用"):
        bureau.register(number="002")
    assert Assignment.objects.count() == 1
    own("nankang", **{
        'contact    = { period = "20wd"': 'contact    = { period = "10wd"', 'version = "2020.2"': 'version = "2020.3"',
    })  # fmt: skip
    second = bureau.register(number="002")
    assert [one.profile_version for one in (first, second)] == ["2020.2", "2020.3"]
    periods = [Assignment.objects.get(pk=one.pk).profile.limit("contact").label for one in (first, second)]
    assert periods == ["20个工作日", "10个工作日"]  # the older text stays in force for the older item


def test_a_profile_whose_file_is_gone_is_still_read_for_items_in_hand(
    bureau: Bureau, own: Callable[..., Path]
) -> None:
    path = own("nankang")
    choose(bureau, suggestion="nankang")
    item = bureau.register()
    path.unlink()
    profile_of.cache_clear()
    assert Assignment.objects.get(pk=item.pk).profile.name == "nankang"
    with pytest.raises(Refused, match="没有名为“nankang”的办理规程"):
        bureau.register(number="002")
