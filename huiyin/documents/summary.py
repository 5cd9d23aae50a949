"""年度总结 .docx (S28)."""

from huiyin.documents.layout import Paper
from huiyin.queries.annual import Summary
from huiyin.rules.dates import zh


def write(summary: Summary) -> bytes:
    paper = Paper()
    paper.title(*summary.title, above=1)
    paper.text(summary.lines)
    paper.signature(summary.unit.name, zh(summary.on))
    return paper.to_bytes("".join(summary.title))
