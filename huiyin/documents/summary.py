"""年度总结 .docx (S28)."""

from huiyin.documents.bulletin import text
from huiyin.documents.layout import Paper
from huiyin.queries.annual import Summary
from huiyin.rules.dates import zh


def write(summary: Summary, number: str = "") -> bytes:
    paper = Paper()
    paper.title(*filter(None, summary.title), above=1)
    if number:
        paper.salutation(number)
    text(paper, summary.lines)
    paper.signature(summary.unit.name, zh(summary.on))
    return paper.to_bytes("".join(summary.title))
