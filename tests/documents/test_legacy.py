"""旧版Word文件 (R74): a .doc is read where LibreOffice is, and refused in a sentence where it is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from huiyin.documents import legacy, pdf
from huiyin.queries.sheets import is_old_word, read
from tests.queries.sheets.building import HEAD, ROW, docx, ole


@pytest.mark.office
@pytest.mark.skipif(not pdf.available(), reason="LibreOffice is not installed")
def test_the_tables_of_an_old_paper(tmp_path: Path) -> None:
    Path(tmp_path, "表.docx").write_bytes(docx("任务分解表", [HEAD, ROW], "2020年5月29日"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run([pdf.command() or "", profile, "--headless", "--convert-to", "doc", "--outdir", tmp_path, Path(tmp_path, "表.docx")], check=True, capture_output=True, timeout=120)  # fmt: skip
    old = Path(tmp_path, "表.doc").read_bytes()
    assert is_old_word(old)
    found = read(legacy.readable(old, "表.doc"), "表.doc").sheet()
    assert [row.raw for row in found.rows] == [tuple(ROW)]


def test_without_libreoffice_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(
        pdf.NotConverted,
        match=r"“表\.doc”是旧版Word文件（\.doc）：本机没有安装LibreOffice，不能转成\.docx，请在Word或WPS里另存为 \.docx 再导入",
    ):
        legacy.readable(ole({"WordDocument": b"x"}), "表.doc")


def test_anything_else_is_left_as_it_is() -> None:
    data = docx([HEAD, ROW])
    assert legacy.readable(data, "表.docx") is data
