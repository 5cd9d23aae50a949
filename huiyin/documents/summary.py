"""年度总结 .docx (S28)."""

from huiyin.documents.layout import Paper
from huiyin.queries.annual import Summary


def write(summary: Summary) -> bytes:
    paper = Paper()
    for line in ("", *summary.title, ""):
        paper.add(line, "公文标题")
    paper.text(summary.lines)
    paper.signature(summary.unit.name, summary.on)
    return paper.to_bytes()
