"""文件进出：what may be uploaded, how it comes back, and the ledger as a sheet."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import xlsxwriter
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from huiyin.actions import filing, proposing
from huiyin.models import Assignment, ImportBatch, Proposer, StoredFile, Suggestion
from huiyin.queries.ledger import COLUMNS
from huiyin.queries.organisation import six_for
from huiyin.rules.vocabulary import Part
from tests.conftest import PDF, Bureau, day, pdf

EXE, ZIP, PNG = b"MZ\x90\x00" + b"\0" * 60, b"PK\x03\x04" + b"\0" * 60, b"\x89PNG\r\n\x1a\n" + b"\0" * 8
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(name: str, data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def folder() -> Path:
    """Where the files of this test are stored."""
    options: Any = configured.STORAGES["default"]
    return Path(options["OPTIONS"]["location"])


def text(response: Any) -> str:
    return str(response.content.decode())


def refusals(response: Any) -> str:
    """The sentences a refused form is answered with, without the rest of the page."""
    found = re.findall(r'class="(?:refusal|errorlist)[^>]*>(.*?)</(?:ol|ul)>', text(response), re.DOTALL)
    return re.sub(r"<[^>]*>", "", " ".join(found)).replace("&quot;", '"')


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    return bureau.handling()


@pytest.fixture
def handler(bureau: Bureau, client: Client) -> Client:
    client.force_login(bureau.handler)
    return client


@pytest.fixture
def clerk(bureau: Bureau) -> Client:
    client = Client()
    client.force_login(bureau.clerk)
    return client


def attach(client: Client, item: Assignment, upload: Any, purpose: str = "会议纪要") -> Any:
    return client.post(reverse("deed", args=[item.pk, "attach"]), {"purpose": purpose, "scan": upload})


# Taken in.


def word() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


TAKEN = {
    "函.pdf": PDF, "函.PDF": PDF, "表.xlsx": ZIP, "函.docx": word(), "图.png": PNG, "图.jpg": b"\xff\xd8\xff\xe0" * 4,
    "旧.doc": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 8, "记录.txt": "座谈记录".encode(),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), TAKEN.items(), ids=list(TAKEN))
def test_taken_in_and_given_back(item: Assignment, handler: Client, name: str, data: bytes) -> None:
    assert attach(handler, item, file(name, data)).status_code == 302
    row = StoredFile.objects.get(assignment=item, name=name)
    back = handler.get(reverse("file", args=[row.pk]))
    assert b"".join(back.streaming_content) == data  # type: ignore[attr-defined]
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert name in text(handler.get(reverse("item", args=[item.pk])))


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "an exe renamed": ("函.pdf", EXE, "“函.pdf”的内容不是 .pdf 文件，可能改过扩展名"),
    "an exe": ("工具.exe", EXE, "“工具.exe”的类型不能上传"),
    "two endings": ("函.pdf.exe", EXE, "的类型不能上传"),
    "a page renamed": ("函.pdf", HTML, "的内容不是 .pdf 文件"),
    "a page": ("函.html", HTML, "的类型不能上传"),
    "a drawing": ("图.svg", SVG, "的类型不能上传"),
    "a drawing renamed": ("图.png", SVG, "的内容不是 .png 文件"),
    "a macro sheet": ("表.xlsm", ZIP, "的类型不能上传"),
    "an archive": ("材料.zip", ZIP, "的类型不能上传"),
    "a document renamed": ("函.docx", PDF, "的内容不是 .docx 文件"),
    "WPS": ("函.wps", ZIP, "请在WPS里另存为 .docx"),
    "no ending": ("函", PDF, "的类型不能上传"),
    "only an ending": (".pdf", PDF, "的类型不能上传"),
    "empty": ("函.pdf", b"", "空"),
    "the signature too late": ("函.pdf", b"  " + PDF, "的内容不是 .pdf 文件"),
}


@pytest.mark.parametrize(("name", "data", "said"), REFUSED.values(), ids=list(REFUSED))
def test_refused_in_words(item: Assignment, handler: Client, name: str, data: bytes, said: str) -> None:
    response = attach(handler, item, file(name, data), purpose="写了很久的用途")
    assert response.status_code in {409, 422}
    assert said in refusals(response)
    assert 'value="写了很久的用途"' in text(response)
    assert not StoredFile.objects.exists()
    assert [one for one in folder().rglob("*") if one.is_file()] == []


def test_the_form_without_a_file(item: Assignment, handler: Client) -> None:
    response = attach(handler, item, "")
    assert response.status_code == 422 and "必填" in text(response)


def test_too_large_keeps_what_was_typed(
    bureau: Bureau, item: Assignment, handler: Client, settings: Any
) -> None:
    settings.UPLOAD_LIMIT = 2**20
    large = PDF + b"\0" * (3 * 2**20)
    lead = Proposer.objects.get(suggestion=item.suggestion)
    typed = {
        "stage": "before", "on": "2020-06-09", "method": "visit", "people": "赖春华、谢文斌", "reached": lead.pk,
        "content": "听取用地指标<的>意见", "view": "盼明确供地时间", "response": "列入承诺",
    }  # fmt: skip
    response = handler.post(
        reverse("deed", args=[item.pk, "contact"]), {**typed, "scan": file("照片.pdf", large)}
    )
    assert response.status_code == 409
    assert "“照片.pdf”有3.0MB，超过1MB的上限" in refusals(response)
    page = text(response)
    for words in ("听取用地指标&lt;的&gt;意见", "盼明确供地时间", "列入承诺", "赖春华、谢文斌", "2020-06-09"):
        assert words in page
    assert re.search(r'value="before"[^>]*checked', page) and re.search(r'value="visit"[^>]*selected', page)
    assert not item.contacts.exists() and not StoredFile.objects.exists()
    exactly = file("照片.pdf", PDF + b"\0" * (2**20 - len(PDF)))
    assert (
        handler.post(reverse("deed", args=[item.pk, "contact"]), {**typed, "scan": exactly}).status_code
        == 302
    )


def test_one_bad_paper_among_several_registers_nothing(bureau: Bureau, clerk: Client) -> None:
    facts = {
        "meeting": bureau.meeting.pk, "kind": "suggestion", "origin": "session", "number": "008",
        "title": "关于老旧小区的建议", "lead": "钟某", "text": "请尽快改造。", "category": bureau.category.pk,
        "level": "ordinary", "organ": bureau.organ.pk, "received_on": "2020-05-28", "assigned_on": "2020-05-29",
        "part": "lead",
    }  # fmt: skip
    url = reverse("register")
    response = clerk.post(url, {**facts, "papers": [file("原件.pdf"), file("附图.pdf", EXE)]})
    assert "“附图.pdf”的内容不是 .pdf 文件" in refusals(response)
    assert 'value="008"' in text(response) and "请尽快改造。" in text(response)
    assert not Suggestion.objects.exists() and not StoredFile.objects.exists()
    assert clerk.post(url, {**facts, "papers": [file("原件.pdf"), file("附图.pdf")]}).status_code == 302
    assert [one.name for one in StoredFile.objects.all()] == ["原件.pdf", "附图.pdf"]


# Names.

NAMES = {
    "../../etc/评估报告.pdf": "评估报告.pdf",
    "/etc/cron.d/评估.pdf": "评估.pdf",
    "..\\..\\windows\\评估.pdf": "评估.pdf",
    "C:\\用户\\评估.pdf": "评估.pdf",
    "&#47;etc&#47;评估.pdf": "评估.pdf",
    "评\u202efdp.exe.pdf": "评fdp.exe.pdf",
    "评\x00\x07估.pdf": "评估.pdf",
    "<img src=x onerror=alert(1)>.pdf": "<img src=x onerror=alert(1)>.pdf",
    "=cmd|' /C calc'!A0.pdf": None,
    "评" * 300 + ".pdf": None,
}


def raw(client: Client, url: str, name: str, data: bytes = PDF) -> Any:
    """The form as a hostile browser sends it: the file's name as it stands."""
    body = (
        f'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n纪要\r\n'
        f'--b\r\nContent-Disposition: form-data; name="scan"; filename="{name}"\r\n'
        "Content-Type: text/html\r\n\r\n"
    ).encode() + data + b"\r\n--b--\r\n"  # fmt: skip
    return client.post(url, body, content_type="multipart/form-data; boundary=b")


@pytest.mark.parametrize(("name", "kept"), NAMES.items(), ids=[one[:20].encode().hex()[:16] for one in NAMES])
def test_names_are_no_paths(item: Assignment, handler: Client, name: str, kept: str | None) -> None:
    assert raw(handler, reverse("deed", args=[item.pk, "attach"]), name).status_code == 302
    row = StoredFile.objects.get()
    assert kept is None or row.name == kept
    assert (
        not re.search(r"[/\\\x00-\x1f\u202e]", row.name)
        and row.name.endswith(".pdf")
        and len(row.name) <= 200
    )
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", str(row.file.name))
    place = folder().resolve()
    assert place in Path(row.file.path).resolve().parents
    assert row.content_type == "application/pdf"  # ours, not the browser's
    assert "<img src=x" not in text(handler.get(reverse("item", args=[item.pk])))
    assert "\n" not in handler.get(reverse("file", args=[row.pk])).headers["Content-Disposition"]


RUNNABLE = {"记录.txt": HTML, "表.csv": HTML, "函.pdf": PDF + HTML, "图.png": PNG + SVG}


@pytest.mark.parametrize(("name", "data"), RUNNABLE.items(), ids=list(RUNNABLE))
def test_nothing_stored_can_run_in_the_browser(
    item: Assignment, handler: Client, name: str, data: bytes
) -> None:
    attach(handler, item, file(name, data))
    headers = handler.get(reverse("file", args=[StoredFile.objects.get().pk])).headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Content-Type"].split(";")[0] not in {
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
    }


def test_files_of_another_unit_are_not_there(bureau: Bureau, item: Assignment, clerk: Client) -> None:
    ours = filing.attach(item, upload=pdf(), purpose="附件", by=bureau.clerk, at=day("2020-08-01"))
    theirs = filing.store(pdf(), purpose="交办表", by=bureau.stranger, at=day("2020-08-01"))
    stranger, admin = Client(), Client()
    stranger.force_login(bureau.stranger)
    admin.force_login(bureau.admin)
    seen = {
        name: [one.get(reverse("file", args=[row.pk])).status_code for row in (ours, theirs)]
        for name, one in (("clerk", clerk), ("stranger", stranger), ("admin", admin))
    }
    assert seen == {"clerk": [200, 404], "stranger": [404, 200], "admin": [404, 404]}
    assert stranger.get(reverse("deed", args=[item.pk, "attach"])).status_code == 404
    assert attach(stranger, item, file("函.pdf")).status_code == 404
    assert item.files.count() == 1


# 台账导出.


def rows_of(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def exported(client: Client, query: str = "") -> list[dict[str, Any]]:
    response = client.get(reverse("ledger_export") + query)
    assert response.status_code == 200 and response.headers["Content-Type"] == XLSX
    head, *rows = rows_of(response.getvalue())
    assert head == [column.label for column in COLUMNS]
    return [dict(zip(head, row, strict=True)) for row in rows]


def shown(client: Client, query: str = "") -> list[tuple[str, str]]:
    """(编号, 标题) of the ledger's page."""
    page = text(client.get(reverse("ledger") + query))
    pattern = r'<td class="number">([^<]*).*?<a href="/items/\d+/">(.*?)</a>'
    return re.findall(pattern, page, re.DOTALL)


@pytest.fixture
def several(bureau: Bureau) -> list[Assignment]:
    """Items of both sections, at several statuses, numbered as they come."""
    made = [
        bureau.register(number="082", title="关于港口的建议"),
        bureau.assigning(number="0009", title="关于学校用地的建议"),
        bureau.handling(number="101", title="关于道路的建议", lead="甲代表", co_signers=("乙代表", "丙代表")),
        bureau.contacted(number="44", title="关于茶园的建议", confidential=True, lead="保密代表"),
        bureau.issued(number="7", title="关于防洪的建议", part=Part.CO, lead_unit=bureau.organ),
        bureau.delivered(number="金3号", title="关于矿山的建议"),
    ]
    other = bureau.register(number="060", title="关于规划的建议")
    people = {role: one for role, one in six_for(bureau.unit, bureau.other_section).items() if one}
    proposal = bureau.proposal(section=bureau.other_section, people=people)
    proposing.propose(other, proposal, by=bureau.clerk, at=day("2020-05-29", 10))
    return [*made, other]


QUERIES = (
    "", "?sort=-number", "?sort=title", "?sort=-due_on", "?sort=status", "?sort=handler", "?sort=nonsense",
    "?q=港口", "?q=代表", "?status=handling", "?part=co", "?status=handling&sort=-number", "?due=overdue",
    "?kind=proposal", "?q=没有的", "?page=2", "?section={section}", "?meeting={meeting}&figure=total&sort=-title",
    "?meeting={earlier}",
)  # fmt: skip


@pytest.mark.parametrize("role", ["clerk", "handler", "other_handler"])
def test_the_sheet_has_the_rows_of_the_page(
    bureau: Bureau, several: list[Assignment], client: Client, role: str
) -> None:
    client.force_login(bureau.people[role])
    keys = {"section": bureau.section.pk, "meeting": bureau.meeting.pk, "earlier": bureau.earlier.pk}
    for pattern in QUERIES:
        query = pattern.format(**keys)
        found = [(row["编号"], row["标题"]) for row in exported(client, query)]
        assert found == shown(client, query), query


def test_the_sheet_shows_each_only_his_own(bureau: Bureau, several: list[Assignment], client: Client) -> None:
    whole = ["0009", "060", "082", "101", "44", "7", "金3号"]
    seen = {
        "clerk": whole, "chief": whole, "handler": ["0009", "101", "44", "7", "金3号"], "other_handler": ["060"],
        "admin": [], "stranger": [],
    }  # fmt: skip
    for role, numbers in seen.items():
        client.force_login(bureau.people[role])
        assert sorted(row["编号"] for row in exported(client)) == numbers, role


def test_the_order_is_by_number_and_zeros_stay(several: list[Assignment], clerk: Client) -> None:
    rows = exported(clerk)
    assert [row["编号"] for row in rows] == ["7", "0009", "44", "060", "082", "101", "金3号"]
    assert {type(cell) for row in rows for cell in row.values()} == {str, float, date}
    assert {type(row[name]) for row in rows for name in ("编号", "电话", "答复文号")} == {str}
    there = next(row for row in rows if row["编号"] == "101")
    assert (there["联名人"], there["人数"], there["交办日期"]) == ("乙代表、丙代表", 3, date(2020, 5, 29))


def test_a_confidential_name_is_not_in_the_sheet(several: list[Assignment], clerk: Client) -> None:
    row = next(row for row in exported(clerk) if row["编号"] == "44")
    assert "保密代表" not in str(row) and row["领衔人"] == "（保密）"


def test_more_rows_than_a_page(bureau: Bureau, clerk: Client) -> None:
    for number in range(55):
        bureau.register(number=f"{number:03}", title=f"关于第{number}件事的建议")
    assert len(shown(clerk)) == 50
    assert [row["编号"] for row in exported(clerk)] == [f"{number:03}" for number in range(55)]
    assert [(row["编号"], row["标题"]) for row in exported(clerk)][50:] == shown(clerk, "?page=2")


HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "＝1+1",
    "{=1}",
    "http://x.cn",
    "007",
    "1e5",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_a_cell_is_text_and_never_a_formula(bureau: Bureau, clerk: Client, words: str) -> None:
    bureau.register(number=words[:30], title=words, lead=words)
    data = clerk.get(reverse("ledger_export")).getvalue()
    row = dict(zip(*rows_of(data), strict=True))
    for column, whole in (("编号", words[:30]), ("标题", words), ("领衔人", words)):
        assert row[column].lstrip("'") == whole
        assert row[column][0] not in "=+-@＝"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        inside = {
            name: book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))
        }
    sheet = inside["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet and "<f " not in sheet and "<hyperlink" not in sheet and 't="n"' not in sheet
    assert not any("relationships/hyperlink" in one for one in inside.values())


def test_the_sheet_is_a_download(clerk: Client, bureau: Bureau) -> None:
    headers = clerk.get(reverse("ledger_export")).headers
    name = quote("建议台账")
    assert re.fullmatch(rf"attachment; filename\*=utf-8''{name}\d{{8}}\.xlsx", headers["Content-Disposition"])
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_exported_sheet_taken_in_again_changes_nothing(
    bureau: Bureau, several: list[Assignment], clerk: Client
) -> None:
    def everything() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Suggestion, Assignment, Proposer)]

    before = everything()
    data = clerk.get(reverse("ledger_export")).getvalue()
    response = upload(clerk, bureau, file("台账.xlsx", data))
    assert response.status_code == 302  # its headings are known
    page = text(clerk.get(response.headers["Location"]))
    assert "新登记 0" in page
    clerk.post(response.headers["Location"], {"skip": "1"})
    assert ImportBatch.objects.get().created == 0
    assert everything() == before


# 导入页.

HEAD = ["编号", "标题", "领衔代表", "办理方式", "交办日期", "正文"]
ROW = ["001", "关于测试的建议", "邱德海", "主办", "2020-05-29", "请办理。"]


def upload(client: Client, bureau: Bureau, sheet: Any) -> Any:
    facts = {"meeting": bureau.meeting.pk, "organ": bureau.organ.pk, "file": sheet}
    return client.post(reverse("intake"), facts)


def sheet(*rows: list[str], title: str = "交办表") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet(title)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write_string(line, place, cell)
    return out.getvalue()


def lines(*rows: list[str], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


WRONG: dict[str, tuple[str, Callable[[], bytes], list[str]]] = {
    "other headings": ("表.xlsx", lambda: sheet(["序号", "内容摘要"], ["1", "甲"]), ["“交办表”的前30行里没有找到表头", "编号、标题"]),
    "headings alone": ("表.xlsx", lambda: sheet(HEAD), ["“交办表”的表头下面没有内容"]),
    "nothing in it": ("表.xlsx", sheet, ["没有找到表头"]),
    "a paper renamed": ("表.xlsx", lambda: PDF, ["“表.xlsx”是PDF，不是 .xlsx、.xls 或 .csv 表格"]),
    "a broken book": ("表.xlsx", lambda: sheet(HEAD, ROW)[:600], ["“表.xlsx”打不开，可能不是有效的表格文件或已损坏"]),
    "an archive renamed": ("表.xlsx", lambda: ZIP, ["“表.xlsx”打不开"]),
    "an old book broken": ("表.xls", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, ["“表.xls”打不开"]),
    "a protected book": ("表.xls", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), ["“表.xls”有密码保护，请去掉密码后再导入"]),
    "a letter": ("函.pdf", lambda: PDF, ["“函.pdf”是PDF，不是 .xlsx、.xls 或 .csv 表格"]),
    "WPS": ("表.et", lambda: ZIP, ["请在WPS里另存为 .xlsx"]),
    "another encoding": ("表.csv", lambda: lines(HEAD, ROW) + b"\xff\xff", ["文字编码认不出来，请另存为 UTF-8 或 GB 18030"]),
    "GB18030, other headings": ("表.csv", lambda: lines(["序号", "摘要"], ["1", "甲"], encoding="gb18030"), ["没有找到表头"]),
    "empty": ("表.xlsx", lambda: b"", ["空"]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "make", "said"), WRONG.values(), ids=list(WRONG))
def test_a_sheet_that_cannot_be_read(
    bureau: Bureau, clerk: Client, name: str, make: Callable[[], bytes], said: list[str]
) -> None:
    response = upload(clerk, bureau, file(name, make()))
    assert response.status_code == 422
    told = refusals(response)
    assert all(one in told for one in said), told
    assert (
        re.search(r"[A-Za-z]{5,}", re.sub(r"UTF|GB|xlsx|docx|csv", "", told)) is None
    )  # nothing of a library's
    assert not ImportBatch.objects.exists() and not StoredFile.objects.exists()


def test_a_sheet_too_large(bureau: Bureau, clerk: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 2**20
    response = upload(clerk, bureau, file("表.csv", lines(HEAD, ROW) + b"," * (5 * 2**20)))
    assert response.status_code == 422
    assert "“表.csv”有5.0MB，超过1MB的上限" in refusals(response)
    assert not StoredFile.objects.exists()


def test_a_sheet_too_long(bureau: Bureau, clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.queries.sheets.table.MOST_ROWS", 2)
    response = upload(clerk, bureau, file("表.xlsx", sheet(HEAD, ROW, ROW, ROW)))
    assert re.search("“交办表”超过2行（第3行还有内容），一次最多导入2行", refusals(response))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_sheet_in_the_usual_encodings(bureau: Bureau, clerk: Client, encoding: str) -> None:
    response = upload(clerk, bureau, file("表.csv", lines(HEAD, ROW, encoding=encoding)))
    assert response.status_code == 302
    assert "关于测试的建议" in text(clerk.get(response.headers["Location"]))
    clerk.post(response.headers["Location"])
    one = Suggestion.objects.get()
    assert (one.number, one.title, one.text) == ("001", "关于测试的建议", "请办理。")


BAD = {
    "a day": (["002", "标题", "甲", "主办", "五月底", "正文"], "交办日期“五月底”不是日期，应写成 2020-05-29（带年份）"),
    "a term": (["002", "标题", "甲", "承接", "2020-05-29", "正文"], "办理方式“承接”不在可用的词里"),
    "nothing": (["002", "标题", "", "主办", "2020-05-29", "正文"], "缺少领衔代表"),
    "a twin": (["001", "标题", "甲", "主办", "2020-05-29", "正文"], "与第3行编号重复"),
    "markup": (["002", "<b>标题", "甲", "主办", "<i>", "正文"], "&lt;i&gt;"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "said"), BAD.values(), ids=list(BAD))
def test_a_wrong_row_is_pointed_at(bureau: Bureau, clerk: Client, row: list[str], said: str) -> None:
    made = upload(clerk, bureau, file("表.xlsx", sheet(["市政府交办表"], HEAD, ROW, row))).headers["Location"]
    page = text(clerk.get(made))
    line = re.search(r'<tr class="bad"><td[^>]*>4</td>.*?</tr>', page, re.DOTALL)
    assert line and said in line.group() and "<b>标题" not in page
    refused = clerk.post(made)
    assert refused.status_code == 409 and "有1行有误，一行也没有导入" in refusals(refused)
    assert not Suggestion.objects.exists()
    assert clerk.post(made, {"skip": "1"}).status_code == 302
    assert [one.number for one in Suggestion.objects.all()] == ["001"]
    assert clerk.post(made).status_code == 409  # taken in once


def test_a_batch_is_its_own_units(bureau: Bureau, clerk: Client, client: Client) -> None:
    made = upload(clerk, bureau, file("表.xlsx", sheet(HEAD, ROW))).headers["Location"]
    client.force_login(bureau.stranger)
    assert client.get(made).status_code == client.post(made).status_code == 404
    assert not Suggestion.objects.exists()
