"""认版式：an office's own .xlsx as a layout for the ledger: where its heads are, which of our columns they stand for, which
lines are samples. Nothing in it runs: what could is refused when it is uploaded. `ledger_filling` fills it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any

from huiyin.queries.columns import BY_KEY, COLUMNS
from huiyin.queries.sheets import archive, table
from huiyin.queries.sheets.headings import guess, plain
from huiyin.queries.sheets.table import Grid, SheetError

LINE = "line"  # 序号: counts the rows
PLACES = ("年度", "单位", "制表日期", "制表人", "件数")
HOLDER = re.compile(r"\{([^{}\n]{1,20})\}")
BROKEN = "不是完好的 .xlsx 文件，请在Excel或WPS里另存为 .xlsx 再上传"
TYPES = "[Content_Types].xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
LOOKED_AT, MOST_LINES = 300, 1_048_576  # rows of a template; lines of any sheet
RENAMED = {  # the import's word for a column → the ledger's
    "meeting": "session", "counted": "meeting", "contact_on": "contacted_on", "contact": "contacted_on",
    "contact_method": "contact", "signed_on": "replied_on", "published_at": "public_url",
    "supervising_leader": "plan_leader", "second_signed_on": "again_on", "second_reply_number": "again_number",
    "second_outcome": "again_class", "second_rating": "again_rating",
}  # fmt: skip
LABELS = {plain(column.label): column.key for column in COLUMNS}
COUNTED = {plain(word) for word in ("序号", "顺序号", "行号", "序", "No")}
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
REFUSED = (
    (r"vbaproject|vbadata|\.xlsm$|xl/macrosheets/", "含有宏，请另存为不含宏的 .xlsx 再上传"),
    (r"xl/externallinks/|xl/connections|xl/querytables/|xl/model/", "含有外部链接或数据连接，请断开链接再上传"),
    (r"/(embeddings|activex|ctrlprops)/|\.bin$(?<!printersettings\d\.bin)", "含有嵌入的对象或控件，请去掉再上传"),
    (r"xl/tables/", "套用了“表格”（Ctrl+T），请转换为区域再上传"),
    (r"xl/pivottables/", "含有数据透视表，请去掉再上传"),
)  # fmt: skip


class Unfit(ValueError):  # noqa: N818 - the field's word is 不能用
    """不能用的版式：every reason, each a sentence."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(dict.fromkeys(reasons))
        super().__init__("；".join(self.reasons))


@dataclass
class Template:
    """读出来的版式. Lines count from 1; `heads` are the headings' words, a column each; `columns` our keys for them ("" where
    none is known); `samples` the lines between the heads and what stands below."""

    parts: dict[str, bytes]
    sheet: str  # the sheet's title
    part: str  # … and its part's name
    head_row: int
    heads: list[str]
    columns: list[str]
    samples: range
    strings: list[str] = field(repr=False, default_factory=list)


def read(data: bytes, *, known: Mapping[str, str] = {}, sheet: str = "") -> Template:
    """The template a file is; Unfit with every reason when it cannot be one. `known`: headings a person matched before."""
    parts = _parts(data)
    if wrong := _refusals(parts):
        raise Unfit(wrong)
    strings = _strings(parts)
    problems = []
    for title, part in _sheets(parts):
        if sheet and title != sheet:
            continue
        try:
            return _template(parts, title, part, strings, known)
        except SheetError as error:
            problems.append(str(error))
        except (ValueError, LookupError, OverflowError) as error:  # a line or a cell with an impossible place
            raise error if isinstance(error, Unfit) else Unfit([BROKEN]) from error
    raise Unfit(problems[:1] or ["里面没有可见的工作表"])


def _parts(data: bytes) -> dict[str, bytes]:
    if data.startswith(OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise Unfit(
            ["有密码保护，请去掉密码再上传" if locked else "这是旧版Excel文件（.xls），请另存为 .xlsx 再上传"]
        )
    try:
        with archive.opened(data, "版式") as book:
            return {one.filename: book.read(one) for one in book.infolist() if not one.is_dir()}
    except SheetError as error:
        raise Unfit(
            [str(error).removeprefix("“版式”").replace("，没有读", "").replace("导入", "上传")]
        ) from error


def _refusals(parts: Mapping[str, bytes]) -> list[str]:
    if "xl/workbook.xml" not in parts or TYPES not in parts:
        return [BROKEN]
    if wrong := [said for name in parts for pattern, said in REFUSED if re.search(pattern, name.lower())]:
        return wrong
    for name in parts:
        if not name.lower().endswith((".rels", ".xml", ".vml")):
            continue
        tree = tree_of(parts, name)  # refuses entities, in any encoding
        if name == TYPES and any("macroenabled" in one.get("ContentType", "").lower() for one in tree):
            wrong.append(REFUSED[0][1])
        if name.lower().endswith(".rels") and any(
            one.get("TargetMode", "").lower() == "external" for one in tree
        ):
            wrong.append("含有外部链接（超链接、图片或别的文件），请去掉再上传")
        if name.lower().startswith("xl/worksheets/"):
            wrong += [
                f"第{line}行有公式，版式里不能有公式；件数可以写成 {{件数}}" for line in _formulas(tree)
            ]
    return list(dict.fromkeys(wrong))[:12]


def _formulas(tree: Any) -> list[str]:
    """The lines in which there are any."""
    return [row.get("r", "?") for row in tree.iter("{*}row") if any(True for _ in row.iter("{*}f"))]


def tree_of(parts: Mapping[str, bytes], name: str) -> Any:
    if name not in parts:
        raise Unfit([BROKEN])
    try:
        tree = archive.parsed(parts[name], "版式")
    except SheetError as error:
        said = "含有DTD或实体声明，可能是攻击文件" if "DTD" in str(error) else BROKEN
        raise Unfit([said]) from error
    if tree.getroottree().docinfo.doctype:
        raise Unfit(["含有DTD或实体声明，可能是攻击文件"])
    return tree


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """(title, part) of the sheets in sight."""
    targets = {
        one.get("Id"): normpath(join("/xl", one.get("Target", ""))).lstrip("/")
        for one in tree_of(parts, "xl/_rels/workbook.xml.rels")
        if one.get("Type", "").endswith("/worksheet")
    }
    for one in tree_of(parts, "xl/workbook.xml").iter("{*}sheet"):
        target = next((targets[value] for value in one.attrib.values() if value in targets), "")
        if one.get("state", "visible") == "visible" and target in parts:
            yield one.get("name", ""), target


def _strings(parts: Mapping[str, bytes]) -> list[str]:
    name = next((one for one in parts if one.lower() == "xl/sharedstrings.xml"), "")
    if not name:
        return []
    return [_words(one) for one in tree_of(parts, name).iterchildren("{*}si")]


def _words(holder: Any) -> str:
    return "".join(
        one.text or ""
        for one in holder.iter("{*}t")
        if not any(up.tag.endswith("}rPh") for up in one.iterancestors())
    )


# 认表头


def _template(
    parts: dict[str, bytes], title: str, part: str, strings: list[str], known: Mapping[str, str]
) -> Template:
    tree = tree_of(parts, part)
    lines = {int(row.get("r", 0)): row for row in tree.iter("{*}row")}
    cells = {line: said for line, row in lines.items() if (said := _row_words(row, strings))}
    if not all(0 < line <= MOST_LINES for line in lines):
        raise Unfit([BROKEN])
    if max(cells, default=0) > LOOKED_AT:
        raise SheetError(f"“{title}”有内容的行超过{LOOKED_AT}行，版式只要标题、表头和一行样例")
    width = max((max(found) for found in cells.values()), default=-1) + 1
    height = min(max(lines, default=0), LOOKED_AT) + 1
    rows = [[cells.get(line, {}).get(place, "") for place in range(width)] for line in range(1, height + 1)]
    merges = [box_of(one.get("ref", "")) for one in tree.iter("{*}mergeCell")]
    boxes = [((top, left), (bottom, right)) for top, left, bottom, right in merges]
    last, found = table.head_of(Grid(title, [list(row) for row in rows], boxes), known)
    last = max([last, *(bottom for top, _, bottom, _ in merges if top <= last)])
    while found and not found[-1]:
        found.pop()
    below = range(last + 2, max(lines, default=0) + 1)
    stop = next((line for line in below if _foot(cells.get(line, {}))), below.stop)
    samples = range(last + 2, max(stop, last + 2))
    _holders([words for row in cells.values() for words in row.values()])
    keys: list[str] = []
    for heading in found:
        key = _key(heading, known)
        keys.append("" if key in keys else key)
    return Template(parts, title, part, last + 1, [" / ".join(one) for one in found], keys, samples, strings)


def _row_words(row: Any, strings: list[str]) -> dict[int, str]:
    found = {}
    for place, cell in cells_of(row):
        if words := words_of(cell, strings):
            found[place] = words
    return {place: words for place, words in found.items() if place < table.MOST_COLUMNS}


def cells_of(row: Any) -> Iterator[tuple[int, Any]]:
    """(place, cell); a cell that does not say where it is stands after the one before."""
    place = -1
    for cell in row.iterchildren("{*}c"):
        place = place_of(cell.get("r", "")) if cell.get("r") else place + 1
        yield place, cell


def words_of(cell: Any, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _words(cell).strip()
    value = next((one.text or "" for one in cell.iterchildren("{*}v")), "")
    if kind == "s":
        return strings[int(value)].strip() if value.isdecimal() and int(value) < len(strings) else ""
    return value.strip()


def _foot(cells: Mapping[int, str]) -> bool:
    """填表人、审核人、合计：what stands below the rows."""
    first = next((cells[place] for place in sorted(cells)), "")
    return bool(first) and table.is_foot(first)


def _key(heading: Sequence[str], known: Mapping[str, str]) -> str:
    """Our column for a heading of one or two rows."""
    if not heading:
        return ""
    whole = plain("".join(heading))
    if plain(heading[-1]) in COUNTED:
        return LINE
    if whole in LABELS or (len(heading) == 1 and plain(heading[-1]) in LABELS):
        return LABELS[whole]
    key = guess(list(heading), known) or ""
    key = RENAMED.get(key, key)
    return key if key in BY_KEY else ""


def _holders(texts: Sequence[str]) -> None:
    unknown = {name for words in texts for name in HOLDER.findall(words)} - set(PLACES)
    if unknown:
        given = "、".join(f"{{{one}}}" for one in PLACES)
        raise SheetError(f"“{{{min(unknown)}}}”不是可用的占位符，可用的有：{given}")


# 位置


def place_of(reference: str) -> int:
    """A1 → 0, AB7 → 27."""
    place = 0
    for letter in re.match(r"[A-Za-z]*", reference.replace("$", ""))[0].upper():  # type: ignore[index]
        place = place * 26 + ord(letter) - 64
    return place - 1


def box_of(reference: str) -> tuple[int, int, int, int]:
    """A1:C3 → (0, 0, 2, 2): top, left, bottom, right."""
    first, _, second = reference.replace("$", "").partition(":")
    ends = [(int(re.sub(r"\D", "", one) or 1) - 1, place_of(one)) for one in (first, second or first)]
    return ends[0][0], ends[0][1], ends[1][0], ends[1][1]
