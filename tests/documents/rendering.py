"""Papers as LibreOffice prints them, measured: millimetres from the page's top left corner."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

import pytest

SECONDS = 180
POINT = 25.4 / 72
DOTS = 200
# The official fonts are not on servers; each is shown by a full-width one that is.
FONTS = {
    "仿宋_GB2312": "Serif",
    "楷体_GB2312": "Serif",
    "宋体": "Serif",
    "黑体": "Sans",
    "方正小标宋简体": "Serif",
}


@dataclass(frozen=True)
class Word:
    """一段连续的字 and the box that holds it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def lines(self) -> list[list[Word]]:
        """行：words on one height, from left to right."""
        found: dict[int, list[Word]] = {}
        for word in sorted(self.words, key=lambda one: (one.middle, one.left)):
            near = next((key for key in found if abs(key / 10 - word.middle) < 2), round(word.middle * 10))
            found.setdefault(near, []).append(word)
        return [sorted(line, key=lambda one: one.left) for _, line in sorted(found.items())]

    def line_of(self, text: str) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of the line that holds the text."""
        (line,) = (one for one in self.lines if text in "".join(word.text for word in one))
        return line[0].left, line[0].top, line[-1].right, line[-1].bottom

    def find(self, text: str) -> Word:
        return next(word for word in self.words if text in word.text)


@dataclass(frozen=True)
class Printed:
    """一份 PDF."""

    path: Path

    @cached_property
    def pages(self) -> list[Page]:
        out = _run("pdftotext", "-bbox", str(self.path), "-")
        root = ElementTree.fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", out.decode()))  # noqa: S314 — our own PDF
        space = "{http://www.w3.org/1999/xhtml}"
        return [_page(page, space) for page in root.iter(f"{space}page")]

    @cached_property
    def text(self) -> str:
        """The characters on paper, without spaces."""
        return "".join(_run("pdftotext", "-raw", str(self.path), "-").decode().split())

    def inked(self, page: int, *, red: bool) -> list[tuple[float, float, float, float]]:
        """(top, bottom, left, right) of each band of ink of that colour."""
        data = _run("pdftoppm", "-r", str(DOTS), "-f", str(page), "-l", str(page), str(self.path))
        size = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        assert size
        width, pixels = int(size[1]), data[size.end() :]
        rows = [pixels[at : at + width * 3] for at in range(0, len(pixels), width * 3)]
        spans = [_span(row, red=red) for row in rows]
        found: list[list[float]] = []
        for row, span in enumerate(spans):
            if span and (row == 0 or not spans[row - 1]):
                found.append([row, row + 1, *span])
            elif span:
                band = found[-1]
                band[1:] = [row + 1, min(band[2], span[0]), max(band[3], span[1])]
        return [tuple(one * 25.4 / DOTS for one in band) for band in found]  # type: ignore[misc]


def _span(row: bytes, *, red: bool) -> tuple[int, int] | None:
    """First and last dark dot of a row; red is dark in green but not in red."""
    reds, greens = row[0::3], row[1::3]
    if min(greens) > 120:
        return None
    found = [at for at, green in enumerate(greens) if green < 120 and (reds[at] > 150) == red]
    return (found[0], found[-1]) if found else None


def _page(page: ElementTree.Element, space: str) -> Page:
    def mm(element: ElementTree.Element, key: str) -> float:
        return float(element.attrib[key]) * POINT

    words = tuple(
        Word(one.text or "", mm(one, "xMin"), mm(one, "yMin"), mm(one, "xMax"), mm(one, "yMax"))
        for one in page.iter(f"{space}word")
    )
    return Page(mm(page, "width"), mm(page, "height"), words)


def office() -> str:
    """LibreOffice; without it the test is skipped, under HUIYIN_CI it fails."""
    tools = ("soffice", "pdftotext", "pdftoppm", "fc-list")
    missing = [name for name in tools if shutil.which(name) is None]
    if not missing and not _run("fc-list", ":lang=zh-cn", "family"):
        missing = ["中文字体"]
    if missing:
        words = f"缺少 {'、'.join(missing)}，公文不能打印出来量"
        if os.environ.get("HUIYIN_CI"):
            pytest.fail(words)
        pytest.skip(words)
    return "soffice"


def printed(papers: Mapping[str, bytes], folder: Path) -> dict[str, Printed]:
    """The papers by name, printed in one run of LibreOffice with a profile of its own."""
    command = office()
    for name, data in papers.items():
        (folder / f"{name}.docx").write_bytes(data)
    (folder / "fonts.conf").write_text(_fonts(folder), encoding="utf-8")
    _run(
        command, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
        "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in papers),
        environ={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )  # fmt: skip
    return {name: Printed(folder / f"{name}.pdf") for name in papers}


def _fonts(folder: Path) -> str:
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>Noto {kind} CJK SC</string></edit></match>'
        for name, kind in FONTS.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>{folder}/fonts</cachedir>{rules}</fontconfig>'
    )


def _run(*command: str, environ: Mapping[str, str] | None = None) -> bytes:
    """Its output; the whole group is ended when it takes too long: soffice leaves children."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, start_new_session=True
    ) as process:
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert process.returncode == 0, err.decode(errors="replace")
    return out
