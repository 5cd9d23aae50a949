"""公开稿（Word）: made from the public text alone; it holds nothing that the page does not show."""

from huiyin.documents import cleaning
from huiyin.documents.facts import Grid, Piece
from huiyin.documents.layout import Paper
from huiyin.models import PublicVersion
from huiyin.rules.dates import zh
from huiyin.rules.text import blocks


def write(version: PublicVersion) -> bytes:
    """.docx without properties."""
    reply, paper = version.reply, Paper()
    paper.title(version.title)
    pieces: list[Piece] = [Grid(one.rows) if one.rows else one.text for one in blocks(version.body)]
    paper.text(pieces)
    paper.signature(reply.assignment.unit.name, zh(reply.signed_on))
    return cleaning.cleaned(paper.to_bytes(version.title))
