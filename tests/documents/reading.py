"""Papers for the tests, and what is read back from one."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from huiyin.documents.catalogue import CATALOGUE
from huiyin.documents.facts import Facts
from huiyin.rules.vocabulary import PaperKind

LINES = (
    "您提出的建议收悉，现答复如下：",
    "一、关于用地",
    "我局已将该项目纳入年度用地计划。",
    "感谢您的关心和支持。",
)
LETTER: dict[str, Any] = {
    "发文机关": "赣州市自然资源局", "发文字号": "赣市自然资字〔2020〕1号", "类别标记": "A类",
    "标题": "关于市五届人大五次会议第082号建议的答复", "称谓": "邱德海代表：",
    "正文": LINES,
    "附件": (), "落款单位": "赣州市自然资源局", "成文日期": "2020年7月24日",
    "联系人": "（联系人：谢文斌，电话：0797-8000001）", "公开属性": "（此件主动公开）",
    "抄送": "市人大常委会选举任免联络工作委员会，市政府办公室", "印发机关": "赣州市自然资源局办公室",
    "印发日期": "2020年7月24日",
}  # fmt: skip


def letter(**changes: Any) -> Facts:
    return {**LETTER, **changes}


def write(facts: Facts) -> bytes:
    """The letter in 信函格式."""
    return CATALOGUE[PaperKind.REPLY].write(facts, title=str(facts["标题"]))


def opened(data: bytes) -> Any:
    return Document(io.BytesIO(data))


def parts(document: Any) -> list[tuple[str, str]]:
    """(样式, 文字) of the body's paragraphs that have any."""
    return [(one.style.name, one.text) for one in document.paragraphs if one.text]


def texts(document: Any, *styles: str) -> list[str]:
    return [text for style, text in parts(document) if not styles or style in styles]


def head(document: Any) -> list[str]:
    """版头 of the first page."""
    return [one.text for one in document.sections[0].first_page_header.paragraphs]


def record(document: Any) -> list[str]:
    """版记：its lines, a tab for what stands at the right."""
    return [
        "".join(piece.text or "\t" for piece in row.iter(qn("w:t"), qn("w:tab")) if piece.get(qn("w:pos")) is None)
        for box in document.element.body.iter(qn("w:txbxContent"))
        for row in box.iter(qn("w:tr"))
    ]  # fmt: skip
