"""考核的页面 (R72): the table, a card, the items behind a mark, the scheme's form, the exports."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from huiyin.models import HandMark, ScoreScheme
from huiyin.queries.score_schemes import scheme_of
from huiyin.rules.scoring_default import DEFAULT
from tests.conftest import Bureau

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("scoring_pages")]


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    """082 satisfied; 085 never answered; both of 2020 and of 用途管制科."""
    stage.evaluated()
    stage.handling(number="085")
    return stage


@pytest.fixture
def bureau(played: Bureau) -> Bureau:
    return played.again()


def page(client: Client, name: str, *args: Any, **asked: Any) -> str:
    response = client.get(reverse(name, args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


def form(*rows: dict[str, str], note: str = "第一次设定", seen: int = 0, **more: str) -> dict[str, str]:
    """The scheme's form as a browser sends it."""
    found = {
        "rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": "0", "seen": str(seen), "note": note, "key": "", **more,
    }  # fmt: skip
    for at, row in enumerate(rows):
        found |= {f"rows-{at}-{name}": value for name, value in row.items()}
    return found


ON_TIME = {
    "group": "时限",
    "name": "按时答复",
    "source": "rate:on_time",
    "full": "60",
    "step": "1",
    "idle": "left_out",
}
LATE = {
    "group": "时限",
    "name": "逾期",
    "source": "deduct:overdue",
    "full": "40",
    "step": "5",
    "idle": "left_out",
}
HAND = {"group": "组织", "name": "领导重视", "source": "", "full": "10", "idle": "left_out"}


def test_the_table_shows_sections_marks_and_ranks(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    text = page(client, "scores")
    assert "2020年" in text
    assert "出厂方案，满分 100 分，另加分最多 5 分" in text
    for words in ("用途管制科", "规划科", "没有承办件", "市自然资源局", "逾期未答复"):
        assert words in text
    assert reverse("score_scheme_edit") not in text  # a clerk does not set it


def test_a_card_names_rule_and_items(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    text = page(client, "score_card", bureau.section.pk)
    assert "规则：满分5分，逾期未答复的每件扣1分，扣完为止" in text
    assert "逾期未答复 1 件，扣1分" in text
    assert ">085号</a>" in text
    listed = page(client, "score_items", bureau.section.pk, "overdue")
    assert "过了办理时限还没有书面答复" in listed
    assert '<td class="number">085</td>' in listed
    assert '<td class="number">082</td>' not in listed


def test_a_section_opens_its_own_card_only(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.other_handler)
    table = page(client, "scores")
    assert "规划科" in table
    assert "用途管制科" not in table
    unit = page(client, "score_card", "unit")
    assert "逾期未答复 1 件，扣1分" in unit
    assert "085号" not in unit
    for args in (
        (bureau.section.pk,),
        (bureau.section.pk, "overdue"),
        ("unit", "overdue"),
        ("null", "overdue"),
    ):
        name = "score_card" if len(args) == 1 else "score_items"
        assert client.get(reverse(name, args=args)).status_code == 404
    sheet = client.get(reverse("scores_export")).content.decode()
    assert "用途管制科" not in sheet


def test_a_strange_year_version_card_or_indicator_is_not_there(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.director)
    for name, args, asked in (
        ("scores", (), {"version": "9"}), ("score_card", ("0",), {}), ("score_card", ("x",), {}),
        ("score_items", ("unit", "leading"), {}), ("score_items", ("unit", "nothing"), {}), ("score_mark", ("unit", "overdue"), {}),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args), asked).status_code == 404, (name, args)
    assert client.get(reverse("scores"), {"year": "99999999"}).status_code == 200
    assert client.get(reverse("scores"), {"year": "x", "version": "-"}).status_code == 200


def test_a_scheme_is_set_ordered_and_compared(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.director)
    url = reverse("score_scheme_edit") + "?year=2020"
    sent = form({**ON_TIME, "ORDER": "2"}, {**LATE, "ORDER": "1"}, HAND, {"idle": "left_out"})
    response = client.post(url, sent)
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("score_scheme") + "?year=2020"
    kept = scheme_of(bureau.unit.pk, 2020)
    assert kept is not None
    assert [(one.key, one.name) for one in kept.rows] == [
        ("n1", "逾期"),
        ("n2", "按时答复"),
        ("n3", "领导重视"),
    ]
    assert "已存为2020年考核方案第1版，满分110分" in page(client, "score_scheme", year="2020")
    rows = [
        {**LATE, "key": "n1"},
        {**ON_TIME, "key": "n2", "full": "50"},
        {**HAND, "key": "n3", "DELETE": "on"},
    ]
    assert client.post(url, form(*rows, seen=1, note="调低")).status_code == 302
    text = page(client, "score_scheme_compare", year="2020")
    assert "2 项指标不同　·　满分 110 → 90" in text
    assert '<td data-label="2020年考核方案第1版">60</td><td data-label="2020年考核方案第2版">50</td>' in text
    assert "删去" in text
    assert "满分 110 分" in page(client, "scores", year="2020", version="1")
    assert "满分 90 分" in page(client, "scores", year="2020")
    assert "设定2021年考核方案" in page(client, "score_scheme_edit", year="2021")


def test_a_row_more_saves_nothing(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.director)
    response = client.post(reverse("score_scheme_edit") + "?year=2020", form(ON_TIME, LATE, add="1"))
    assert response.status_code == 200
    text = response.content.decode()
    assert 'name="rows-2-name"' in text
    assert 'name="rows-TOTAL_FORMS" value="3"' in text
    assert 'value="逾期"' in text
    assert not ScoreScheme.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        (form(), 409, "方案里还没有指标"),
        (form({**ON_TIME, "full": "0"}), 409, "第1行“按时答复”：满分（加分项为封顶分）应大于0"),
        (form({**ON_TIME, "step": ""}), 409, "第1行“按时答复”：每点（件）扣、加的分应大于0"),
        (form(ON_TIME, {**ON_TIME, "name": "再来"}), 409, "会重复计分"),
        (form({**ON_TIME, "full": "-1"}), 422, "不能小于0"),
        (form({**ON_TIME, "full": "很多"}), 422, "应是一个数"),
        (form({**ON_TIME, "source": "rate:nothing"}), 422, "rate:nothing"),
        (form({**ON_TIME, "name": ""}), 422, "必填"),
        (form(ON_TIME, note=""), 422, "必填"),
        ({**form(ON_TIME), "rows-TOTAL_FORMS": ""}, 422, "表单不完整，请重新打开这一页"),
        ({**form(ON_TIME), "rows-TOTAL_FORMS": "9999"}, 422, "指标不能超过60项"),
        (form(ON_TIME, seen=7), 409, "请对照后再存"),
    ],
)
def test_a_faulty_scheme_is_told_what_is_wrong(
    bureau: Bureau, client: Client, sent: dict[str, str], status: int, said: str
) -> None:
    client.force_login(bureau.director)
    response = client.post(reverse("score_scheme_edit") + "?year=2020", sent)
    assert response.status_code == status
    assert said in response.content.decode()
    assert not ScoreScheme.objects.exists()


def test_who_may_not_set_finds_no_form(bureau: Bureau, client: Client) -> None:
    for who in (bureau.clerk, bureau.chief, bureau.handler):
        client.force_login(who)
        assert client.post(reverse("score_scheme_edit") + "?year=2020", form(ON_TIME)).status_code == 404
        mark = reverse("score_mark", args=[bureau.section.pk, "leading"])
        assert client.post(mark, {"mark": "3", "reason": "x"}).status_code == 404
    assert not ScoreScheme.objects.exists()
    assert not HandMark.objects.exists()


def test_a_mark_by_hand(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.director)
    url = reverse("score_mark", args=[bureau.section.pk, "leading"]) + "?year=2020"
    assert client.post(url, {"mark": "6", "reason": "超了"}).status_code == 409
    assert client.post(url, {"mark": "", "reason": ""}).status_code == 422
    key = "00000000-0000-4000-8000-000000000001"
    for _ in range(2):  # sent twice, done once
        assert client.post(url, {"mark": "4.5", "reason": "两次研究", "key": key}).status_code == 302
    assert HandMark.objects.get().mark == 4.5
    assert "两次研究" in page(client, "score_card", bureau.section.pk, year="2020")
    assert "评过的分" in page(client, "score_mark", bureau.section.pk, "leading", year="2020")


def test_csv_and_word(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.director)
    client.post(
        reverse("score_scheme_edit") + "?year=2020", form({**LATE, "name": "=HYPERLINK(1)", "group": "@组"})
    )
    response = client.get(reverse("scores_export"), {"year": "2020"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [
        ["科室", "'@组·=HYPERLINK(1)", "加分", "总分", "名次"], ["用途管制科", "35.00", "0", "35.00", "1"],
        ["规划科", "40.00", "0", "", ""], ["市自然资源局", "35.00", "0", "35.00", ""],
    ]  # fmt: skip
    paper = Document(io.BytesIO(client.get(reverse("scores_paper"), {"year": "2020"}).content))
    words = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "085号" in words
    assert any("考核方案：2020年第1版，满分40分" in one.text for one in paper.paragraphs)


def test_what_we_ship_survives_the_form(bureau: Bureau, client: Client) -> None:
    """Opened and saved unchanged, the shipped scheme becomes version 1 as it is."""
    client.force_login(bureau.director)
    response = client.get(reverse("score_scheme_edit"), {"year": "2020"})
    rows = response.context["rows"]
    sent = {
        "rows-TOTAL_FORMS": str(rows.total_form_count()),
        "rows-INITIAL_FORMS": str(rows.initial_form_count()),
    }
    for one in rows:
        for field in one:
            value = field.value()
            if field.name != "DELETE":
                sent[field.html_name] = "" if value is None else str(value)
    assert (
        client.post(
            reverse("score_scheme_edit") + "?year=2020", sent | {"seen": "0", "note": "照用"}
        ).status_code
        == 302
    )
    kept = scheme_of(bureau.unit.pk, 2020)
    assert kept is not None
    assert kept.rows == DEFAULT
