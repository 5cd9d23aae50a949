"""年度文稿：drafted, edited with its figures kept, brought up to date, issued; nothing lost, nothing changed afterwards."""

from datetime import date

import pytest

from huiyin.actions import Refused, Stale, evaluating, proposing, writing
from huiyin.models import Assignment, Event, NumberSeries, Suggestion, Unit, YearPaper, YearPaperVersion
from huiyin.queries import figures, yearly
from huiyin.queries.actors import actor_of
from huiyin.rules.anchors import anchors_of
from huiyin.rules.shares import percent
from huiyin.rules.vocabulary import Deed, Kind, Part, Rating, YearPaperKind, YearPaperOrigin
from tests.conftest import Bureau, day, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("writing")]
ON, AT = date(2020, 12, 15), day("2020-12-15")
K = YearPaperKind


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    """082 A, satisfied; 083 delivered, silent; 084 being handled; 085 co-handled."""
    nankang = Unit.objects.get(short_name="南康区政府")
    stage.evaluated()
    stage.delivered(number="083", title="关于第083件的建议")
    stage.contacted(number="084", title="关于第084件的建议")
    stage.delivered(number="085", part=Part.CO, lead_unit=nankang, title="关于第085件的建议")
    return stage


@pytest.fixture
def bureau(played: Bureau) -> Bureau:
    return played.again()


def begun(bureau: Bureau, kind: YearPaperKind = K.SUMMARY, on: date = ON) -> YearPaper:
    return writing.begin(bureau.meeting, kind, on=on, by=bureau.clerk, at=AT)


def last(paper: YearPaper) -> YearPaperVersion:
    return paper.versions.latest("number")


def edited(bureau: Bureau, paper: YearPaper, old: str, new: str, base: int = 1) -> writing.Saved:
    version = last(paper)
    assert old in version.body
    return writing.save(
        paper, title=version.title, body=version.body.replace(old, new, 1), base=base, by=bureau.clerk, at=AT
    )


def figure(version: YearPaperVersion, key: str) -> list[str]:
    found = anchors_of(version.figures)
    assert all(version.body[one.start : one.end] == one.value for one in found)
    return [one.value for one in found if one.key == key]


def test_the_first_version_is_written_from_the_ledger(bureau: Bureau) -> None:
    version = last(begun(bureau))
    assert (version.number, version.origin) == (1, YearPaperOrigin.GENERATED)
    assert version.title == "赣州市自然资源局2020年市人大建议办理工作总结"
    assert figure(version, "total") == ["4", "4"]
    assert figure(version, "completion") == ["75%"]
    assert figure(version, "returned_forms.not") == ["1"]


def test_each_save_is_a_version_and_the_earlier_stay_as_they_were(bureau: Bureau) -> None:
    paper = begun(bureau)
    before = last(paper).body
    saved = edited(bureau, paper, "积极做好", "扎实做好")
    assert (saved.version.number, saved.changes) == (2, ())
    assert paper.versions.get(number=1).body == before
    assert [one.origin for one in paper.versions.all()] == [YearPaperOrigin.GENERATED, YearPaperOrigin.EDITED]
    assert figure(saved.version, "total") == ["4", "4"]
    again = writing.save(
        paper, title=saved.version.title, body=saved.version.body, base=2, by=bureau.clerk, at=AT
    )
    assert again.version.number == 2  # nothing was changed, so nothing is kept


def test_a_figure_typed_over_is_told_kept_and_not_overwritten(bureau: Bureau) -> None:
    paper = begun(bureau)
    saved = edited(bureau, paper, "其中主办3件", "其中主办5件")
    assert [(one.key, one.was, one.now, one.unit) for one in saved.changes] == [("lead", "3", "5", "件")]
    standing = yearly.Standing(saved.version, yearly.quoted(actor_of(bureau.clerk, ON), paper))
    assert [one.said for one in standing.different] == ["主办：台账为3件，文中改为5件"]
    assert standing.stale == []
    assert "其中主办5件" in writing.refresh(paper, base=2, by=bureau.clerk, at=AT).version.body
    back = edited(bureau, paper, "其中主办5件", "其中主办3件", base=2)
    assert not any(one.own for one in anchors_of(back.version.figures))


def test_an_update_puts_the_present_figures_in_and_leaves_the_words(bureau: Bureau) -> None:
    paper = begun(bureau)
    edited(bureau, paper, "积极做好", "扎实做好")
    bureau.contacted(number="090", title="关于第090件的建议", at="2020-12-01")
    item = Assignment.objects.get(suggestion__number="083")
    lead = item.suggestion.lead
    assert lead
    evaluating.evaluate(
        item, proposer=lead, attitude=Rating.SATISFIED, outcome=Rating.SATISFIED, on=ON, scan=pdf(), by=bureau.clerk, at=AT
    )  # fmt: skip
    saved = writing.refresh(paper, base=2, by=bureau.clerk, at=AT)
    assert saved.version.origin == YearPaperOrigin.REFRESHED
    assert "扎实做好" in saved.version.body
    assert figure(saved.version, "total") == ["5", "5"]
    assert figure(saved.version, "returned_forms.num") == ["2"]
    assert ("total", "4", "5") in {(one.key, one.was, one.now) for one in saved.changes}
    assert writing.refresh(paper, base=3, by=bureau.clerk, at=AT).version.number == 3


def test_the_second_of_two_editors_is_told_and_has_the_others_text(bureau: Bureau) -> None:
    paper = begun(bureau)
    edited(bureau, paper, "积极做好", "扎实做好")
    with pytest.raises(Stale, match="刘晓琴在您编辑期间存了第2稿") as refused:
        writing.save(paper, title="总结", body="全文", base=1, by=bureau.director, at=AT)
    assert "扎实做好" in refused.value.current
    with pytest.raises(Stale):
        writing.refresh(paper, base=1, by=bureau.director, at=AT)
    assert paper.versions.count() == 2


def test_only_the_office_writes_and_only_who_leads_issues(bureau: Bureau) -> None:
    paper = begun(bureau)
    for who in (bureau.chief, bureau.handler, bureau.admin, bureau.stranger):
        with pytest.raises(Refused):
            writing.begin(bureau.meeting, K.BULLETIN, on=ON, by=who, at=AT)
        with pytest.raises(Refused):
            writing.save(paper, title="总结", body="全文", base=1, by=who, at=AT)
    for who in (bureau.clerk, bureau.handler):
        with pytest.raises(Refused, match="印发年度文稿"):
            writing.issue(paper, on=ON, base=1, by=who, at=AT)


def test_what_is_issued_has_a_number_and_no_version_comes_after(bureau: Bureau) -> None:
    paper = begun(bureau)
    edited(bureau, paper, "其中主办3件", "其中主办5件")
    issued = writing.issue(paper, on=ON, base=2, by=bureau.handling_leader, at=AT)
    series = NumberSeries.objects.get(prefix="赣市自然资字", year=2020)
    assert issued.number == f"赣市自然资字〔2020〕{series.last}号"
    assert (issued.issued_on, issued.issued_by) == (ON, bureau.handling_leader)
    event = Event.objects.filter(deed=Deed.ISSUE_PAPER).latest("pk")
    assert "与台账不同：主办：台账为3件，文中改为5件" in event.text
    for again in (
        lambda: writing.save(paper, title="总结", body="全文", base=2, by=bureau.clerk, at=AT),
        lambda: writing.refresh(paper, base=2, by=bureau.clerk, at=AT),
        lambda: writing.issue(paper, on=ON, base=2, by=bureau.chief, at=AT),
    ):
        with pytest.raises(Refused, match="已于2020年12月15日印发"):
            again()
    with pytest.raises(Refused, match="已经起草过"):
        begun(bureau)


def test_what_does_not_add_up_is_neither_drafted_nor_issued(bureau: Bureau) -> None:
    paper = begun(bureau)
    Assignment.objects.filter(suggestion__number="085").update(part=Part.INFO)
    with pytest.raises(Refused, match="第085号"):
        writing.issue(paper, on=ON, base=1, by=bureau.chief, at=AT)
    with pytest.raises(Refused, match="第085号"):
        begun(bureau, K.BULLETIN)
    assert not YearPaper.objects.get(pk=paper.pk).number


def test_bulletins_follow_each_other_and_say_what_is_new(bureau: Bureau) -> None:
    first = begun(bureau, K.BULLETIN, on=date(2020, 6, 30))
    with pytest.raises(Refused, match="第1期还没有印发"):
        begun(bureau, K.BULLETIN)
    writing.issue(first, on=ON, base=1, numbered=False, by=bureau.director, at=AT)
    assert YearPaper.objects.get(pk=first.pk).number == ""
    with pytest.raises(Refused, match="上一期统计截至2020年6月30日"):
        begun(bureau, K.BULLETIN, on=date(2020, 6, 30))
    second = begun(bureau, K.BULLETIN)
    with pytest.raises(Refused, match="上一期统计截至2020年6月30日，本期应在其后"):
        writing.refresh(second, on=date(2020, 6, 30), base=1, by=bureau.clerk, at=AT)
    assert second.issue == 2
    body = last(second).body
    assert "与上期（截至2020年6月30日）相比，新交办0件，新答复2件" in body
    assert "逾期未答复的建议1件" in body
    assert "|第084号|关于第084件的建议|用途管制科|温国强|谢文斌|2020年8月29日|108天|" in body
    assert figure(last(first), "at.replied")[0] == "1"  # the opinion alone was out by then
    assert figure(last(second), "at.late") == ["1", "1", "1"]


def test_a_notice_waits_for_who_answers_for_what_and_keeps_its_table(bureau: Bureau) -> None:
    item = bureau.register(number="091", title="关于第091件的建议")
    paper = begun(bureau, K.NOTICE)
    with pytest.raises(Refused, match="第091号缺责任领导、承办科室、承办人"):
        writing.issue(paper, on=ON, base=1, by=bureau.director, at=AT)
    proposing.propose(item, bureau.proposal(), by=bureau.clerk, at=AT)
    writing.issue(paper, on=ON, base=1, by=bureau.director, at=AT)
    version = last(paper)
    assert version.number == 2
    assert (
        "|5|091|关于第091件的建议|邱德海|主办|主办：市自然资源局|温国强|用途管制科|谢文斌|2020年8月29日|"
        in version.body
    )
    assert figure(version, "total") == ["5"]
    Assignment.objects.filter(pk=item.pk).update(responsible_leader=bureau.other_leader)
    assert "|温国强|用途管制科|谢文斌|2020年8月29日|" in last(paper).body


def test_cases_are_chosen_and_ordered_and_what_was_written_on_them_stays(bureau: Bureau) -> None:
    paper = begun(bureau)
    one, two = (Assignment.objects.get(suggestion__number=number).pk for number in ("082", "083"))
    assert yearly.told_in(last(paper)) == [one, two]
    edited(bureau, paper, "又如针对人大建议第083号", "再如人大建议第083号")
    saved = writing.choose_cases(paper, [two, one], base=2, by=bureau.clerk, at=AT)
    assert yearly.told_in(saved.version) == [two, one]
    assert "再如人大建议第083号" in saved.version.body
    assert figure(saved.version, f"item:{two}") == ["第083号"]
    alone = writing.choose_cases(paper, [one], base=3, by=bureau.clerk, at=AT).version
    assert "第083号" not in alone.body
    assert "总的来看" in alone.body
    assert figure(alone, "promises.due") == figure(last(paper), "promises.due")
    assert figure(alone, "total") == ["4", "4"]
    with pytest.raises(Refused, match="至少选一件"):
        writing.choose_cases(paper, [], base=4, by=bureau.clerk, at=AT)
    edited(bureau, paper, "总的来看", "总之", base=4)
    with pytest.raises(Refused, match="总的来看"):
        writing.choose_cases(paper, [two], base=5, by=bureau.clerk, at=AT)


@pytest.mark.parametrize("flag", ["confidential", "secret"])
def test_what_is_secret_or_confidential_is_no_case(bureau: Bureau, flag: str) -> None:
    one, two = (Assignment.objects.get(suggestion__number=number).pk for number in ("082", "083"))
    Suggestion.objects.filter(number="083").update(
        **{flag: True}, **({"text": ""} if flag == "secret" else {})
    )
    paper = begun(bureau)
    assert yearly.told_in(last(paper)) == [one]
    writing.choose_cases(paper, [two, one], base=1, by=bureau.clerk, at=AT)
    assert yearly.told_in(last(paper)) == [one] and "关于第083件" not in last(paper).body


def test_suggestions_and_proposals_are_written_apart_or_together(bureau: Bureau) -> None:
    bureau.contacted(kind=Kind.PROPOSAL, number="120", title="关于第120件的提案")
    apart = writing.begin(bureau.meeting, K.SUMMARY, matter=Kind.PROPOSAL, on=ON, by=bureau.clerk, at=AT)
    assert last(apart).title == "赣州市自然资源局2020年市政协提案办理工作总结"
    assert figure(last(apart), "total") == ["1", "1"]
    both = begun(bureau)
    assert last(both).title == "赣州市自然资源局2020年市人大建议、市政协提案办理工作总结"
    assert figure(last(both), "total") == ["5", "5"]


def test_every_figure_has_as_many_rows_as_it_says(bureau: Bureau) -> None:
    actor = actor_of(bureau.clerk, ON)
    first = begun(bureau, K.BULLETIN, on=date(2020, 6, 30))
    writing.issue(first, on=ON, base=1, numbered=False, by=bureau.director, at=AT)
    seen = 0
    for paper in (begun(bureau), begun(bureau, K.BULLETIN), begun(bureau, K.NOTICE)):
        quoted = yearly.quoted(actor, paper)
        for one in anchors_of(last(paper).figures):
            behind = quoted.behind(one.key)
            if behind is None or one.key.startswith("category:"):
                continue
            size = behind.rows.count()
            if behind.rate:
                counted = behind.rows.filter(counted=True).count()
                assert figures.short(percent(counted, size)) == one.value, one.key
            else:
                assert str(size) == one.value, one.key
            seen += 1
    assert seen > 60
