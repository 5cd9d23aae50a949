"""旧版Word文件 (R74): a .doc is read where LibreOffice is, and refused in a sentence where it is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from huiyin.documents import legacy, pdf
from huiyin.queries.sheets import SheetError, is_old_word, read
from tests.queries.sheets.building import HEAD, ROW, docx, ole, packed

LETTER = ("赣州市五届人大五次会议", "关于修路的建议", "领衔代表：王小明", "请修路，越快越好，群众盼望已久。")


def made_old(*papers: bytes, folder: Path) -> list[bytes]:
    """As an old Word would have saved them."""
    places = [Path(folder, f"{number}.docx") for number in range(len(papers))]
    for place, data in zip(places, papers, strict=True):
        place.write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run([pdf.command() or "", profile, "--headless", "--convert-to", "doc", "--outdir", folder, *places], check=True, capture_output=True, timeout=120)  # fmt: skip
    return [place.with_suffix(".doc").read_bytes() for place in places]


@pytest.mark.office
@pytest.mark.skipif(not pdf.available(), reason="LibreOffice is not installed")
def test_the_tables_of_an_old_paper(tmp_path: Path) -> None:
    (old,) = made_old(docx("任务分解表", [HEAD, ROW], "2020年5月29日"), folder=tmp_path)
    assert is_old_word(old)
    found = read(legacy.readable(old, "表.doc"), "表.doc").sheet()
    assert [row.raw for row in found.rows] == [tuple(ROW)]


@pytest.mark.office
@pytest.mark.skipif(not pdf.available(), reason="LibreOffice is not installed")
def test_the_old_letters_of_a_folder_are_read_beside_the_others(tmp_path: Path) -> None:
    one, two = made_old(docx("第082号", *LETTER), docx("第083号", *LETTER), folder=tmp_path)
    files = {
        "原件/082.doc": one, "原件/083.DOC": two, "原件/084.docx": docx("第084号", *LETTER),
        "原件/坏.doc": ole({"WordDocument": b"x"}), "原件/说明.doc": b"x", "原件/网页.html": one,
    }  # fmt: skip
    book = read(packed(files), "建议.zip", readable=legacy.all_readable)
    said = [(row.raw[0], row.cells(book.sheet().mapping())) for row in book.sheet().rows]
    assert [(name, one["number"], one["lead"]) for name, one in said] == [
        ("082.doc", "082", "王小明"), ("083.DOC", "083", "王小明"), ("084.docx", "084", "王小明"),
    ]  # fmt: skip
    assert list(book.notes) == [
        "“说明.doc”不是 .docx 文件，没有读", "“网页.html”不是 .docx 文件，没有读",
        "没有读：“坏.doc”是旧版Word文件（.doc）：没有转成.docx，请在Word或WPS里另存为 .docx 再导入",
    ]  # fmt: skip


def test_of_a_folder_the_others_are_read_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    files = {"082.doc": ole({"WordDocument": b"x"}), "084.docx": docx("第084号", *LETTER)}
    book = read(packed(files), "建议.zip", readable=legacy.all_readable)
    assert [row.raw[0] for row in book.sheet().rows] == ["084.docx"]
    assert "没有读：“082.doc”是旧版Word文件（.doc）：本机没有安装LibreOffice" in book.notes[0]


def test_without_libreoffice_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(
        SheetError,
        match=r"“表\.doc”是旧版Word文件（\.doc）：本机没有安装LibreOffice，不能转成\.docx，请在Word或WPS里另存为 \.docx 再导入",
    ):
        legacy.readable(ole({"WordDocument": b"x"}), "表.doc")


def test_anything_else_is_left_as_it_is() -> None:
    data = docx([HEAD, ROW])
    assert legacy.readable(data, "表.docx") is data
