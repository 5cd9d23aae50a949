"""年度文稿的页：every figure opens into as many rows; editing without a script; two at once; issue and Word."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import writing
from huiyin.documents import pdf
from huiyin.models import Assignment, Unit, YearPaper
from huiyin.rules.vocabulary import Part, YearPaperKind
from tests.conftest import Bureau, day
from tests.documents.reading import opened, texts

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("yearly")]
ON, AT = date(2020, 12, 15), day("2020-12-15")
FIGURE = re.compile(r'<a class="fig[^"]*" href="([^"]+)"[^>]*>([^<]+)</a>')


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    nankang = Unit.objects.get(short_name="南康区政府")
    stage.evaluated()
    stage.delivered(number="083", title="关于第083件的建议")
    waiting = stage.handling(number="084", title="关于第084件的建议")
    stage.contact(waiting, at="2020-06-09")
    stage.ask(waiting, nankang)
    stage.delivered(number="085", part=Part.CO, lead_unit=nankang, title="关于第085件的建议")
    return stage


@pytest.fixture
def bureau(played: Bureau) -> Bureau:
    return played.again()


def begun(bureau: Bureau, kind: YearPaperKind = YearPaperKind.SUMMARY) -> YearPaper:
    return writing.begin(bureau.meeting, kind, on=ON, by=bureau.clerk, at=AT)


def url(name: str, paper: YearPaper) -> str:
    return reverse(name, args=[paper.pk])


def post(client: Client, paper: YearPaper, body: str, base: int = 1) -> str:
    answer = client.post(
        url("year_paper_edit", paper), {"title": "总结", "body": body, "base": base}, follow=True
    )
    return unescape(answer.content.decode())


@pytest.mark.parametrize("kind", [YearPaperKind.SUMMARY, YearPaperKind.BULLETIN])
def test_every_figure_of_the_text_opens_into_as_many_rows(
    bureau: Bureau, client: Client, kind: YearPaperKind
) -> None:
    client.force_login(bureau.clerk)
    page = client.get(url("year_paper", begun(bureau, kind))).content.decode()
    found = {(unescape(a), unescape(b)) for a, b in FIGURE.findall(page)}
    counted = {(address, words) for address, words in found if "key=" in address}
    assert all(re.fullmatch(r"/items/\d+/", address) for address, _ in found - counted)
    assert len(counted) > 15
    for address, words in counted:
        behind = client.get(address)
        assert behind.status_code == 200, address
        body = behind.content.decode()
        rows = body.count("<tr data-row")
        if words.endswith("%"):
            shares = re.search(r"(\d+)／(\d+) ", body)
            assert shares, address
            assert rows == int(shares[2]), address
            assert body.count("✓ 计入") == int(shares[1]), address
            assert f"{100 * int(shares[1]) / int(shares[2]):.2f}%".replace(".00%", "%") == words
        elif words.isdigit():
            assert rows == int(words), address
        else:
            assert words in {"用地保障", "—"} or words.endswith("天"), words


def test_a_year_is_begun_read_edited_and_compared_without_a_script(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    begin = {"meeting": bureau.meeting.pk, "on": "2020-12-15", "kind": "summary"}
    answer = client.post(reverse("year_papers"), begin)
    paper = YearPaper.objects.get()
    assert answer.headers["Location"] == url("year_paper", paper)
    edit = client.get(url("year_paper_edit", paper)).content.decode()
    body = unescape(edit.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>")[0]).strip()
    told = post(client, paper, body.replace("其中主办3件", "其中主办5件"))
    assert "已存为第2稿" in told
    assert "主办：台账为3件，文中改为5件，按您的文字保留" in told
    assert 'class="fig own"' in told
    assert "主办5件＋协办1件＝6件，与共承办4件不符" in told
    compared = client.get(url("year_paper_compare", paper)).content.decode()
    assert "<del>3</del>" in compared
    assert "<ins>5</ins>" in compared
    old = client.get(url("year_paper", paper), {"v": 1}).content.decode()
    assert 'class="fig own"' not in old
    assert client.get(url("year_paper", paper), {"v": "9"}).status_code == 404


def test_of_two_who_edit_the_second_sees_both_and_loses_nothing(bureau: Bureau, client: Client) -> None:
    paper = begun(bureau)
    body = paper.versions.get().body
    writing.save(
        paper, title="总结", body=body.replace("积极做好", "扎实做好"), base=1, by=bureau.director, at=AT
    )
    client.force_login(bureau.clerk)
    told = post(client, paper, f"{body}\n今后还要多走访。")
    assert "曾建平在您编辑期间存了第2稿" in told
    assert "今后还要多走访。" in told
    assert 'name="base" value="2"' in told
    merged = unescape(told.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>")[0])
    assert "扎实做好" in merged
    assert "已存为第3稿" in post(client, paper, merged, base=2)
    assert "扎实做好" in paper.versions.get(number=3).body


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    paper = begun(bureau)
    answer = client.post(url("year_paper_edit", paper), {"title": "", "body": "只有这一段", "base": "x"})
    assert answer.status_code == 422
    assert "只有这一段" in answer.content.decode()
    bad = client.post(
        reverse("year_papers"), {"meeting": bureau.meeting.pk, "on": "9月31日", "kind": "summary"}
    )
    assert bad.status_code == 409
    assert "日期应写成" in bad.content.decode()
    assert (
        "没有更新" in client.post(url("year_paper", paper), {"on": "2999-01-01", "base": 1}).content.decode()
    )
    assert client.post(url("year_paper", paper), {"on": "昨天", "base": 1}).status_code == 409


def test_cases_are_ticked_and_put_in_order(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    paper = begun(bureau)
    page = client.get(url("year_paper_cases", paper)).content.decode()
    assert "代表评价满意" in page
    items = {one.suggestion.number: one.pk for one in Assignment.objects.select_related("suggestion")}
    form = {
        "base": 1,
        "case": [items["082"], items["083"]],
        f"order_{items['082']}": 2,
        f"order_{items['083']}": 1,
    }
    assert client.post(url("year_paper_cases", paper), form).status_code == 302
    body = paper.versions.latest("number").body
    assert body.index("第083号") < body.index("第082号")
    refused = client.post(url("year_paper_cases", paper), {"base": 2})
    assert refused.status_code == 409
    assert "至少选一件" in refused.content.decode()


def test_it_is_issued_by_who_may_and_then_only_read(bureau: Bureau, client: Client) -> None:
    paper = begun(bureau)
    client.force_login(bureau.clerk)
    assert client.get(url("year_paper_issue", paper)).status_code == 404
    client.force_login(bureau.chief)
    assert "印发第1稿" in client.get(url("year_paper_issue", paper)).content.decode()
    told = client.post(
        url("year_paper_issue", paper), {"on": "2020-12-16", "base": 1}, follow=True
    ).content.decode()
    assert "已印发，赣市自然资字〔2020〕" in told
    assert "改文字" not in told
    client.force_login(bureau.clerk)
    assert "已经印发，不能再改" in post(client, paper, "全文")
    assert client.get(url("year_paper_cases", paper)).status_code == 404


def test_what_does_not_add_up_is_named_and_not_downloaded(bureau: Bureau, client: Client) -> None:
    paper = begun(bureau)
    Assignment.objects.filter(suggestion__number="085").update(part=Part.INFO)
    stray = reverse("item", args=[Assignment.objects.get(suggestion__number="085").pk])
    client.force_login(bureau.director)
    for name, status in (("year_paper", 200), ("year_paper_issue", 200), ("year_paper_word", 409)):
        answer = client.get(url(name, paper))
        assert answer.status_code == status
        assert f'href="{stray}"' in answer.content.decode(), name
    answer = client.post(url("year_paper_issue", paper), {"on": "2020-12-16", "base": 1})
    assert answer.status_code == 409


def test_any_version_is_a_paper_in_word_with_its_tables(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    paper = begun(bureau, YearPaperKind.BULLETIN)
    answer = client.get(url("year_paper_word", paper))
    document = opened(answer.content)
    assert "".join(texts(document, "公文标题")) == "赣州市自然资源局2020年市人大建议办理情况通报（第1期）"
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert heads == [
        ["科室（单位）", "承办", "已答复", "未答复", "逾期", "15日内到期", "已沟通", "已见面", "办结率"],
        ["编号", "标题", "承办科室", "责任领导", "承办人", "办理时限", "逾期"],
        ["编号", "协办单位", "发函日期", "请于何日前提出", "逾期"],
    ]
    assert "|" not in "".join(texts(document))
    notice = begun(bureau, YearPaperKind.NOTICE)
    (table,) = opened(client.get(url("year_paper_word", notice)).content).tables
    assert len(table.rows) == 5
    issued = writing.issue(notice, on=ON, base=1, by=bureau.director, at=AT)
    document = opened(client.get(url("year_paper_word", notice)).content)
    assert len(document.tables[0].rows) == 5
    assert issued.number in texts(document, "发文字号")
    assert texts(document, "落款") == ["赣州市自然资源局", "2020年12月15日"]


@pytest.mark.skipif(not pdf.available(), reason="没有LibreOffice")
def test_a_summary_is_also_a_pdf(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    assert client.get(url("year_paper_word", begun(bureau)), {"pdf": "1"}).content.startswith(b"%PDF")


def test_another_units_office_and_the_sections_do_not_know_of_it(bureau: Bureau, client: Client) -> None:
    paper = begun(bureau)
    for who in (bureau.stranger, bureau.handler, bureau.admin):
        client.force_login(who)
        for name in (
            "year_paper",
            "year_paper_edit",
            "year_paper_compare",
            "year_paper_word",
            "year_paper_figure",
        ):
            assert client.get(url(name, paper)).status_code == 404, (who, name)
        assert (
            client.post(url("year_paper_edit", paper), {"title": "x", "body": "x", "base": 1}).status_code
            == 404
        )


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "at.total:x",
        "at.total:９",
        "item:" + "9" * 40,
        "category:0",
        "total:1",
        "completion.bad",
        "a\0b",
    ],
)
def test_a_figure_that_is_none_is_not_there(bureau: Bureau, client: Client, key: str) -> None:
    client.force_login(bureau.clerk)
    assert client.get(url("year_paper_figure", begun(bureau)), {"key": key}).status_code == 404
