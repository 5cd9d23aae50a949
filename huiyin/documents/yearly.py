"""年度文稿 .docx (S6, S28): any version of a notice, a bulletin or a summary, as it would be sent round."""

from datetime import date

from huiyin.documents import bulletin, making, notice, summary
from huiyin.documents.bulletin import cells, pieces
from huiyin.models import Assignment, YearPaperVersion
from huiyin.queries import work_notice
from huiyin.queries.annual import Summary
from huiyin.rules.matter import Matter
from huiyin.rules.vocabulary import PaperKind, YearPaperKind


def name_of(version: YearPaperVersion) -> str:
    """文件名."""
    state = "" if version.paper.issued_on else f"（第{version.number}稿）"
    return making.fit(f"{version.title}{state}")


def write(version: YearPaperVersion, items: list[Assignment], matter: Matter) -> bytes:
    """`items`: those of the notice's table, where the version has none frozen in it."""
    paper = version.paper
    on, lines = paper.issued_on or paper.on, version.body.split("\n")
    if paper.kind == YearPaperKind.NOTICE:
        return _notice(version, items, matter, on)
    title = _title(version)
    if paper.kind == YearPaperKind.BULLETIN:
        return bulletin.write(f"{paper.unit.name}办公室", title, lines, on, paper.number)
    return summary.write(Summary(paper.unit, title, tuple(lines), on), paper.number)


def _title(version: YearPaperVersion) -> tuple[str, str]:
    """The unit on a line of its own, where the title begins with it."""
    organ = version.paper.unit.name
    rest = version.title.removeprefix(organ)
    return (organ, rest) if rest and rest != version.title else ("", version.title)


def _notice(version: YearPaperVersion, items: list[Assignment], matter: Matter, on: date) -> bytes:
    paper = version.paper
    said, annex, rows = frozen(version.body)
    facts = notice.facts(
        paper.unit, title=version.title, number=paper.number or notice.NUMBER.format(on.year), body=pieces(said),
        annex=annex or work_notice.annex(paper.meeting, matter), rows=rows or notice.table(items), on=on,
    )  # fmt: skip
    return making.write(PaperKind.NOTICE, facts, paper.unit, title=version.title)


def frozen(body: str) -> tuple[list[str], str, list[tuple[str, ...]]]:
    """（正文, 表名, 各行）: the responsibility table stands at the end of an issued notice, under its name."""
    lines = body.split("\n")
    head = next((n for n, line in enumerate(lines) if cells(line) == notice.HEADINGS), None)
    if head is None or head == 0:
        return lines, "", []
    rows = [row for line in lines[head + 1 :] if (row := cells(line)) and len(row) == len(notice.HEADINGS)]
    return lines[: head - 1], lines[head - 1], rows


def with_table(body: str, annex: str, items: list[Assignment]) -> str:
    """The text with the table as it stands now, to be frozen."""
    said, _, _ = frozen(body)
    rows = [bulletin.line_of(row) for row in (notice.HEADINGS, *notice.table(items))]
    return "\n".join([*said, annex, *rows])
