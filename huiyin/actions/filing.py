"""收文件 (R79): takes an upload in after looking at what it is, stored and fsynced before its row."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from huiyin.actions._refused import Refused
from huiyin.actions._take import begin
from huiyin.documents import opening
from huiyin.models import Assignment, Person, StoredFile, Suggestion
from huiyin.rules.vocabulary import Deed

if TYPE_CHECKING:
    Upload = File[Any]
else:
    Upload = File

ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (ZIP,)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (ZIP,)),
    "doc": ("application/msword", (OLE,)),
    "xls": ("application/vnd.ms-excel", (OLE,)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "txt": ("text/plain", ()),
    "csv": ("text/csv", ()),
}
SHEETS: dict[
    str, tuple[str, tuple[bytes, ...]]
] = {  # what queries.sheets has looked into may be called otherwise
    **{suffix: (TYPES[suffix][0], ()) for suffix in ("xlsx", "xls", "csv", "txt", "docx", "doc")},
    "xlsm": ("application/vnd.ms-excel.sheet.macroEnabled.12", ()),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", ()),
    "zip": ("application/zip", ()),
}
OFFICE = {"wps": "docx", "et": "xlsx"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]")


@transaction.atomic
def store(
    upload: Upload,
    *,
    purpose: str,
    by: Person,
    at: datetime,
    assignment: Assignment | None = None,
    suggestion: Suggestion | None = None,
    kinds: Mapping[str, tuple[str, tuple[bytes, ...]]] = TYPES,
) -> StoredFile:
    """Store one upload. Refused, in a sentence, for what is too large, empty, of another kind than its name says, or
    of a secret item, whose papers have no place here (R5)."""
    owner = suggestion or (assignment.suggestion if assignment else None)
    if owner is not None and owner.secret:
        raise Refused("涉密件的材料不得存入本系统，请按保密规定另行办理")
    name, suffix, size = looked_at(upload, kinds)
    upload.seek(0)
    if suffix == "docx" and (found := opening.dangers(upload.read())):
        raise Refused([f"“{name}”{one}" for one in found])
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    row = StoredFile(
        name=name, size=size, sha256=digest.hexdigest(), content_type=kinds[suffix][0], purpose=purpose,
        assignment=assignment, suggestion=suggestion, uploaded_by=by, uploaded_at=at,
    )  # fmt: skip
    row.file.save(name, upload, save=False)
    row.save()
    return row


def looked_at(upload: Upload, kinds: Mapping[str, tuple[str, tuple[bytes, ...]]]) -> tuple[str, str, int]:
    """Its name as it may be kept, its extension and size. Refused for what is too large, empty, or not what it says."""
    name = _UNSAFE.sub("", PurePath(str(upload.name or "").replace("\\", "/")).name)[-200:] or "未命名"
    suffix = PurePath(name).suffix.lower().lstrip(".")
    size = upload.size or 0
    upload.seek(0)
    if problem := _problem(name, suffix, size, upload.read(16), kinds):
        raise Refused(problem)
    upload.seek(0)
    return name, suffix, size


def _problem(
    name: str, suffix: str, size: int, first: bytes, kinds: Mapping[str, tuple[str, tuple[bytes, ...]]]
) -> str:
    limit = settings.UPLOAD_LIMIT
    if suffix in OFFICE:
        return f"“{name}”是WPS专有格式，请在WPS里另存为 .{OFFICE[suffix]} 再上传"
    if suffix not in kinds:
        return f"“{name}”的类型不能上传，可以上传：{'、'.join(kinds)}"
    if size == 0:
        return f"“{name}”是空文件"
    if size > limit:
        return f"“{name}”有{size / 2**20:.1f}MB，超过{limit // 2**20}MB的上限"
    signatures = kinds[suffix][1]
    if signatures and not first.startswith(signatures):
        return f"“{name}”的内容不是 .{suffix} 文件，可能改过扩展名"
    return ""


@transaction.atomic
def attach(item: Assignment, *, upload: Upload, purpose: str, by: Person, at: datetime) -> StoredFile:
    """上传附件到一件."""
    taking = begin(item, Deed.ATTACH, by=by, at=at)
    row = store(upload, purpose=purpose or "附件", by=by, at=at, assignment=taking.item)
    hidden = taking.item.suggestion.confidential  # a file's name may name him (R7)
    taking.done(row.purpose if hidden else f"{row.purpose}：{row.name}", sha256=row.sha256)
    return row
