"""下载Word修改：a draft as a Word file to edit, not as the paper that goes out: what stands in 【】 is kept, so that the
file can come back (documents.word_in)."""

from huiyin.documents import oxml
from huiyin.documents.facts import Figure, Grid, Piece
from huiyin.documents.layout import Paper
from huiyin.documents.stamp import Stamp
from huiyin.models import ReplyVersion, StoredFile
from huiyin.rules.text import Block, BlockKind

NOTE = "供修改：段首【】里是来源和答复的意见点，请保留；改好后在起草页“导入Word”。"


def write(version: ReplyVersion) -> bytes:
    """The draft's title and text."""
    paper = Paper()
    item = version.assignment
    section = paper.document.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].style = "页码"
        words = f"第{oxml.clean(item.suggestion.number)}号 {version}　{NOTE}"
        oxml.hint(header.paragraphs[0].add_run(words))
    if version.title:
        paper.title(version.title, above=0)
    found = version.blocks()
    stored = StoredFile.objects.filter(assignment=item).in_bulk([one.file for one in found if one.file])
    for one in found:
        paper.text(_pieces(one, stored.get(one.file)))
    Stamp(item.pk, version.number, version.revision).put(paper.document)
    return paper.to_bytes(version.title)


def _pieces(block: Block, file: StoredFile | None) -> list[Piece]:
    if block.kind == BlockKind.TABLE:
        return [Grid(block.rows)]
    if file is None or not file.content_type.startswith("image/"):
        return [block.typed()]
    with file.file.open("rb") as data:
        return [Figure(data.read(), ""), block.typed()]
