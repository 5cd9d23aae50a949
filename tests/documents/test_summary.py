"""年度总结：the document's own headings in order, and no figure in it but the ledger's (S28, R71, R73)."""

import re
from datetime import date
from typing import Any

import pytest

from huiyin.actions import following
from huiyin.documents import summary as paper
from huiyin.models import Assignment, Unit
from huiyin.queries import figures, promises
from huiyin.queries.actors import actor_of
from huiyin.queries.annual import Summary, summary
from huiyin.queries.figures import short
from huiyin.rules.shares import percent
from huiyin.rules.vocabulary import CommitmentState, OpinionUse, Part, Rating, Stage
from tests.conftest import Bureau, day, pdf
from tests.documents.reading import opened, parts, texts

ON = date(2020, 12, 31)
HEADINGS = [
    "一、压实责任，强化建议办理的“力度”",
    "二、细化举措，强化建议办理的“精度”",
    "（一）促进与协办单位互动协作",
    "（二）加强与代表联系沟通",
    "（三）优化办理工作机制",
    "三、狠抓落实，强化建议办理的“深度”",
    "（一）用地保障方面",
]


pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("summary")]


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    """082 A, an opinion adopted, satisfied; 083 B fair, its promise kept; 084 B dissatisfied, its promise overdue;
    085 never answered; 086 delivered, silent; 087 and 088 co-handled; 037 of the year before, a second time."""
    nankang = Unit.objects.get(short_name="南康区政府")
    stage.evaluated()
    for number, rating in (("083", Rating.FAIR), ("084", Rating.DISSATISFIED)):
        stage.evaluated(
            number=number,
            outcome=rating,
            reason="没有说清",
            draft={"outcome_class": "B"},
            title=f"关于第{number}件的建议",
        )
    item = Assignment.objects.get(suggestion__number="083")
    following.progress(
        item, item.commitments.get(), on=date(2020, 10, 20), text="已供地", state=CommitmentState.FULFILLED,
        evidence=pdf(), informed_on=date(2020, 10, 21), by=stage.handler, at=day("2020-10-22"),
    )  # fmt: skip
    waiting = stage.handling(number="085")
    stage.contact(waiting, at="2020-06-09")
    stage.contact(waiting, at="2020-06-30", stage=Stage.DURING)
    stage.ask(waiting, nankang)
    stage.answer(waiting, nankang)
    stage.use(waiting, nankang, OpinionUse.ADOPTED)
    stage.delivered(number="086", title="关于第086件的建议")
    for number in ("087", "088"):
        stage.delivered(number=number, part=Part.CO, lead_unit=nankang)
    stage.delivered(number="037", meeting=stage.earlier, second=True)
    return stage


@pytest.fixture
def year(played: Bureau) -> Bureau:
    return played.again()


@pytest.fixture
def drawn(year: Bureau) -> Summary:
    return summary(actor_of(year.clerk, ON), year.unit, year.meeting, ON)


@pytest.fixture
def document(drawn: Summary) -> Any:
    return opened(paper.write(drawn))


def test_the_documents_own_headings_stand_in_order(document: Any) -> None:
    assert texts(document, "公文标题") == ["赣州市自然资源局", "2020年市人大建议办理工作总结"]
    assert texts(document, "公文一级标题", "公文二级标题") == HEADINGS
    assert [style for style, _ in parts(document) if "级标题" in style] == [
        "公文一级标题" if "、" in heading[:2] else "公文二级标题" for heading in HEADINGS
    ]


def test_every_paragraph_is_printed_once_and_signed(document: Any, drawn: Summary) -> None:
    printed = [text for style, text in parts(document) if style not in {"公文标题", "落款"}]
    assert printed == list(drawn.lines)
    assert texts(document, "落款") == ["赣州市自然资源局", "2020年12月31日"]


def test_each_figure_in_the_text_is_the_ledgers(document: Any, year: Bureau) -> None:
    actor = actor_of(year.clerk, ON)
    count, rate = (
        figures.counts(actor, figures.Scope(year.meeting)),
        figures.rates(actor, figures.Scope(year.meeting), ON),
    )
    kept, due = promises.rate(actor, figures.Scope(year.meeting), ON)
    percents = {key: short(one.percent) for key, one in rate.items()}
    forms, co = rate["returned_forms"], rate["co_on_time"]
    late = rate["on_time"].denominator - rate["on_time"].numerator
    text = "".join(texts(document))
    for sentence in (
        f"共承办市五届人大五次会议代表建议{count['total']}件，其中主办{count['lead']}件，协办{count['co']}件，"
        f"市五届人大四次会议B类件二次办理建议{count['second']}件。",
        f"达到办结率{percents['completion']}、代表满意率{percents['satisfied_finally']}"
        f"（收回征询意见表{forms.numerator}份，反馈率{percents['returned_forms']}）",
        f"将{count['total']}件建议落实到1个科室",
        f"按时提出率{percents['co_on_time']}（{co.numerator}／{co.denominator}件）",
        f"沟通率{percents['contact']}，见面率{percents['met']}。",
        f"按时答复率{percents['on_time']}，",
        f"在今年我局主办的{count['lead']}件人大代表建议中",
        f"到期落实率{short(percent(kept, due))}（{kept}／{due}项）",
        f"{late}件建议未能在时限内答复（第085号）",
        f"{forms.denominator - forms.numerator}件未收回代表评价",
    ):
        assert sentence in text


def test_the_figures_are_those_of_the_world_by_hand(document: Any) -> None:
    text = "".join(texts(document))
    for sentence in (
        "代表建议8件，其中主办5件，协办2件，市五届人大四次会议B类件二次办理建议1件。",
        "达到办结率87.50%、代表满意率66.67%（收回征询意见表3份，反馈率60%）",
        "征求协办单位意见1份，采纳1份",
        "全年与代表沟通7次，其中办理前6次、办理中1次、办理后0次，沟通率100%，见面率100%。",
        "按时提出率100%（2／2件）",
        "到期落实率50%（1／2项）",
        "1件建议未能在时限内答复（第085号）",
        "2件未收回代表评价",
    ):
        assert sentence in text


def test_no_percentage_is_printed_that_the_ledger_does_not_give(document: Any, year: Bureau) -> None:
    actor = actor_of(year.clerk, ON)
    known = {short(one.percent) for one in figures.rates(actor, figures.Scope(year.meeting), ON).values()}
    known.add(short(percent(*promises.rate(actor, figures.Scope(year.meeting), ON))))
    printed = re.findall(r"\d+(?:\.\d+)?%", "".join(texts(document)))
    assert len(printed) == 8
    assert set(printed) <= known


def test_a_year_that_does_not_add_up_is_not_printed(year: Bureau) -> None:
    Assignment.objects.filter(suggestion__number="087").update(part=Part.INFO)
    with pytest.raises(figures.DoesNotReconcile):
        summary(actor_of(year.clerk, ON), year.unit, year.meeting, ON)
