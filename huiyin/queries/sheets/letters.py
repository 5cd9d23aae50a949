"""建议原件：a folder of suggestion letters (.docx) as one sheet, a row each. What a letter says is found by its labels,
in a form's cells or in its lines, and by its layout; what was not found is said for each file."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import PurePosixPath

from huiyin.queries.sheets import archive, word
from huiyin.queries.sheets.headings import KEYS, LABELS, plain
from huiyin.queries.sheets.kinds import is_old_word
from huiyin.queries.sheets.table import Book, Heading, Rows, Sheet, SheetError, SheetRow
from huiyin.queries.sheets.values import read_number, words
from huiyin.rules import cells

Readable = Callable[[Mapping[str, bytes]], Mapping[str, bytes | SheetError]]
TITLE = "建议原件"
TOLD = (
    "number", "kind", "session", "title", "lead", "co_signers", "lead_phone", "delegation", "category",
    "lead_unit", "co_units", "text",
)  # fmt: skip
EXPECTED = ("number", "title", "lead", "text")  # what a letter must have; of the others it is said
SAID = 12
HEAD = 8  # lines in which a letter says what it is
LATEST_LABEL = 12  # a line whose first label stands further on is a sentence
ZIPPED = b"PK\x03\x04"
_MORE = {  # labels of letters, besides those of ledgers
    "姓名": "lead", "手机": "lead_phone", "手机号码": "lead_phone", "电话": "lead_phone", "联系电话": "lead_phone",
    "联系方式": "lead_phone", "通讯电话": "lead_phone", "工作单位": "", "通讯地址": "", "地址": "", "邮编": "", "职务": "",
    "单位职务": "", "工作单位及职务": "", "日期": "", "年月日": "", "备注": "", "承办单位": "lead_unit",
    "建议承办单位": "lead_unit", "希望承办单位": "lead_unit", "建议主办单位": "lead_unit", "建议协办单位": "co_units",
    "交办意见": "", "审查意见": "", "附议": "co_signers", "代表团组": "delegation", "代表证号": "",
}  # fmt: skip
_LABELS = {**{word_: key for word_, key in KEYS.items() if key in TOLD}, **_MORE}
_LABEL = re.compile(
    r"(?:^|(?<=[\s，,；;。）)]))([\u4e00-\u9fff（）()/、][\u4e00-\u9fff（）()/、 \u3000]{0,14}?)\s*[:：]"
)
_MEETING = re.compile(
    r"[\u4e00-\u9fff]{0,12}?第?[一二三四五六七八九十]{1,3}届[\u4e00-\u9fff]{0,16}?第?[一二三四五六七八九十]{1,3}次(?:全体)?(?:会议)?"
)
_NUMBERED = re.compile(
    r"(?:编号|建议|提案|^|[（(\s])第?\s*([A-Za-z\u4e00-\u9fff]?[0-9][0-9A-Za-z.\-]{0,18})\s*号"
)
_TITLE = re.compile(r"《?(关于.{2,90}?的?(?:建议|提案|意见|议案))》?")
_NAMES = re.compile(r"[、，,;；/\s]+")
_TEAM = re.compile(r"[（(]([^（）()]*(?:代表团|团|界|组|区|县|市))[）)]")


def folder(data: bytes, name: str, readable: Readable) -> Book:
    """The letters in a .zip, the old ones made `readable`; what else is in it is said."""
    files: dict[str, bytes] = {}
    notes = []
    with archive.opened(data, name) as packed:
        for one in packed.infolist():
            path = PurePosixPath(archive.entry_name(one))
            if one.is_dir() or path.name.startswith(("~$", ".")) or "__MACOSX" in path.parts:
                continue
            suffix = path.suffix.lower()
            content = packed.read(one) if suffix in {".docx", ".doc"} else b""
            if suffix == ".docx" or is_old_word(content):
                files[path.as_posix()] = content
            else:
                why = "是压缩包里的压缩包" if suffix in {".zip", ".rar", ".7z"} else "不是 .docx 文件"
                notes.append(f"“{path.name}”{why}，没有读")
    if not files:
        raise SheetError(f"“{name}”里没有 .docx 建议原件" + (f"：{notes[0]}" if notes else ""))
    found = several(readable(files))
    return Book(found.sheets, (*_short(notes), *found.notes))


def several(files: Mapping[str, bytes | SheetError]) -> Book:
    """Letters by their files' names, or why one cannot be read. Raises SheetError when none of them can."""
    archive.within((one for one in files.values() if isinstance(one, bytes)), "这些建议原件")
    rows, notes = [], []
    for line, (name, data) in enumerate(sorted(files.items()), 1):
        label = PurePosixPath(name).name
        try:
            if isinstance(data, SheetError):
                raise data
            found = letter(data, label)
        except SheetError as error:
            notes.append(f"没有读：{error}")
            continue
        if missing := [LABELS[key] for key in TOLD if key in EXPECTED and not found.get(key)]:
            notes.append(f"“{label}”没有找到{'、'.join(missing)}")
        rows.append(SheetRow(line, (label, *(words(found.get(key)) for key in TOLD))))
    if not rows:
        raise SheetError(notes[0].removeprefix("没有读：") if notes else "没有建议原件")
    headings = (
        Heading(0, "文件", ""),
        *(Heading(place, LABELS[key], key) for place, key in enumerate(TOLD, 1)),
    )
    return Book((Sheet(TITLE, 0, headings, tuple(rows)),), tuple(_short(notes)))


def _short(notes: list[str]) -> list[str]:
    return notes if len(notes) <= SAID else [*notes[:SAID], f"……共{len(notes)}条"]


def letter(data: bytes, name: str) -> dict[str, str]:
    """What a letter says, by our keys. Raises SheetError for what is no letter."""
    if not data.startswith(ZIPPED):
        raise SheetError(f"“{name}”的内容不是 .docx 文件")
    found: dict[str, str] = {}
    rest: list[str] = []
    in_text = False
    for one in word.blocks(data, name):
        if not isinstance(one, str):
            _form(one, found, rest)
            continue
        had_text = "text" in found
        left = [line for line in _line(cells.plain(one), found) if line]
        if in_text and left:
            found["text"] += "\n" + "\n".join(left)
        else:
            rest += left
            in_text = (in_text and not one.strip()) or (not had_text and "text" in found)
    _layout(rest, found, name)
    if not found.get("title") and not (found.get("lead") and found.get("text")):
        raise SheetError(f"“{name}”里没有找到标题、领衔代表，不像建议原件，也没有台账的表")
    return _settled(found)


def _key(label: str) -> str | None:
    """The key of a label, "" for one that is not taken, None for no label."""
    return _LABELS.get(plain(label))


def _line(text: str, found: dict[str, str]) -> list[str]:
    """A line's labels and what follows each; the line itself when it has none."""
    labels = [one for found_at in _LABEL.finditer(text) if (one := _label(found_at)) is not None]
    if not labels or labels[0][0] > LATEST_LABEL:
        return [text.strip()]
    ends = [start for start, _, _ in labels[1:]] + [len(text)]
    for (_, after, key), end in zip(labels, ends, strict=True):
        _put(found, key, text[after:end])
    return []


def _label(words: re.Match[str]) -> tuple[int, int, str] | None:
    """Where a label begins and ends, and its key; of several words before the colon the last may be the label."""
    if (key := _key(words[1])) is not None:
        return words.start(), words.end(), key
    last = re.split(r"[\s\u3000]+", words[1].strip())[-1]
    key = _key(last)
    return None if key is None else (words.start() + words[1].rindex(last), words.end(), key)


def _put(found: dict[str, str], key: str, text: str) -> None:
    if key and (text := text.strip(" \t\u3000,，;；")):
        found.setdefault(key, text)


def _form(rows: Rows, found: dict[str, str], rest: list[str]) -> None:
    """表格式的建议纸：a label's value stands in the next cell, in its own, or in the row below."""
    waiting = ""
    for row in rows:
        shown = [
            cells.plain(str(cell)).strip()
            for place, cell in enumerate(row)
            if not place or cell != row[place - 1]
        ]
        keys = [_key(cell) for cell in shown]
        if waiting and len(shown) == 1 and keys[0] is None:
            _put(found, waiting, shown[0])
            waiting = ""
            continue
        waiting = ""
        for place, (cell, key) in enumerate(zip(shown, keys, strict=True)):
            after = shown[place + 1] if place + 1 < len(shown) and keys[place + 1] is None else ""
            if key is not None:
                _put(found, key, after)
                if key == "" and after:  # 交办意见 may say who leads
                    _long(after, found)
                waiting = key if len(shown) == 1 else ""
            elif not place or keys[place - 1] is None:
                rest += _long(cell, found)


def _long(cell: str, found: dict[str, str]) -> list[str]:
    """A cell that begins with a label and holds the whole text; or lines."""
    start = _LABEL.match(cell)
    if start and _key(start[1]) == "text":
        _put(found, "text", cell[start.end() :])
        return []
    return [left for line in cell.split("\n") for left in _line(line, found)]


def _layout(rest: list[str], found: dict[str, str], name: str) -> None:
    """What no label said: session, number, title and text, by how a letter looks."""
    lines = _joined([one for one in rest if one])
    head = lines[:HEAD]
    for line in head:
        if "session" not in found and (session := _MEETING.search(line)) and len(line) <= 60:
            found["session"] = session.group()
        if "number" not in found and len(line) <= 40 and (number := _NUMBERED.search(line)):
            found["number"] = number[1]
    titled = next((place for place, line in enumerate(head) if len(line) <= 100 and _TITLE.match(line)), -1)
    if "title" not in found and titled >= 0:
        found["title"] = _TITLE.match(head[titled])[1]  # type: ignore[index]
    if "number" not in found and (
        number := re.match(r"第?([A-Za-z]?[0-9][0-9A-Za-z.\-]*)\s*号?", PurePosixPath(name).stem)
    ):
        found["number"] = number[1]
    if "text" not in found:
        body = lines[titled + 1 :] if titled >= 0 else [one for one in lines if len(one) > 15]
        found["text"] = "\n".join(one for one in body if not _heading(one))


def _joined(lines: list[str]) -> list[str]:
    """With a title that stands on two lines made one."""
    for place, (first, second) in enumerate(pairwise(lines[:HEAD])):
        if first.startswith("关于") and not _TITLE.match(first) and _TITLE.fullmatch(first + second):
            return [*lines[:place], first + second, *lines[place + 2 :]]
    return lines


def _heading(line: str) -> bool:
    """The letter's own head, repeated lines of the form, and its date."""
    session = _MEETING.search(line)
    if session and len(line) <= 40:
        return True
    return bool(
        re.fullmatch(
            r"(代表)?(建议|提案)(、批评和意见)?(纸|表)?|第?\s*[A-Za-z0-9.\-]+\s*号|\d{4}年\d{1,2}月\d{1,2}日",
            line,
        )
    )


def _settled(found: dict[str, str]) -> dict[str, str]:
    """Names apart from their delegation, the lead from the others; the number as it is written."""
    lead = found.get("lead", "")
    if team := _TEAM.search(lead):
        found.setdefault("delegation", team[1])
        lead = lead[: team.start()] + lead[team.end() :]
    names = [one for one in _NAMES.split(re.sub(r"等\d*[名人位].*", "", lead)) if one]
    for team_name in [one for one in names[1:] if one.endswith("代表团")]:
        found.setdefault("delegation", team_name)
        names.remove(team_name)
    if lead and names:
        found["lead"] = names[0]
        if len(names) > 1:
            found.setdefault("co_signers", "、".join(names[1:]))
    if number := found.get("number"):
        try:
            found["number"] = read_number(number)
        except ValueError:
            del found["number"]
    if title := found.get("title"):
        found["title"] = re.sub(r"\s*\n\s*", "", title).strip("《》")
    if "kind" not in found and "提案" in found.get("title", "")[-3:]:
        found["kind"] = "提案"
    return found
