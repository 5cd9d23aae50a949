"""导入Word改稿：a draft that was edited in Word or WPS comes back as a new version; what stood before is kept."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from huiyin.actions import filing
from huiyin.actions._refused import Refused, Stale
from huiyin.actions._take import Taking, begin
from huiyin.actions.filing import Upload
from huiyin.actions.replying import Draft, fill, opened, set_aside
from huiyin.documents import word_in
from huiyin.documents.opening import Unsafe
from huiyin.documents.word_in import Picture, Reading
from huiyin.models import Assignment, Person, ReplyVersion, StoredFile
from huiyin.models.reply import SIGNED
from huiyin.rules.text import Block, BlockKind, typed
from huiyin.rules.vocabulary import Deed, VersionOrigin

PURPOSE = "Word改稿"
LONGEST = 60_000


@transaction.atomic
def take_in(item: Assignment, upload: Upload, *, by: Person, at: datetime) -> StoredFile:
    """收下改稿：the file is kept beside the item when it can be read; the draft stays as it is."""
    taking = begin(item, Deed.DRAFT, by=by, at=at)
    if not str(upload.name or "").lower().endswith(".docx"):
        raise Refused("请选Word文件（.docx）；WPS文件请先另存为 .docx")
    file = filing.store(upload, purpose=PURPOSE, by=by, at=at, assignment=taking.item)
    body_of(taking.item, read(taking.item, file))
    return file


def read(item: Assignment, file: StoredFile) -> Reading:
    """改稿的内容. Refused when it cannot be read, or was made from another item's draft."""
    if file.assignment_id != item.pk or file.purpose != PURPOSE:
        raise Refused("没有这份改稿")
    with file.file.open("rb") as data:
        try:
            reading = word_in.read(data.read())
        except Unsafe as unsafe:
            raise Refused([f"“{file.name}”{one}" for one in unsafe.reasons]) from unsafe
    if reading.stamp is not None and reading.stamp.item != item.pk:
        raise Refused(f"“{file.name}”是从别的件下载的稿本，不能导入本件")
    return reading


def body_of(item: Assignment, reading: Reading) -> str:
    """正文 as it would be, pictures that are new under their names in the file."""
    known = _stored(item)
    body = typed(
        _block(one, known.get(hashlib.sha256(one.data).hexdigest(), 0)) if isinstance(one, Picture) else one
        for one in reading.found
    )
    if not body.strip():
        raise Refused("这份Word里没有读到正文")
    if len(body) > LONGEST:
        raise Refused(f"正文有{len(body)}字，超过{LONGEST}字")
    return body


def _block(picture: Picture, file: int) -> Block:
    if file:
        return Block(BlockKind.PICTURE, file=file)
    return Block(BlockKind.PARAGRAPH, f"（新图片：{picture.name}）")


def _stored(item: Assignment) -> dict[str, int]:
    """本件的图片 by digest."""
    rows = item.files.filter(content_type__startswith="image/").order_by("-pk")
    return dict(rows.values_list("sha256", "pk"))


@transaction.atomic
def adopt(item: Assignment, file: StoredFile, *, revision: int, by: Person, at: datetime) -> ReplyVersion:
    """导入：the text becomes a new version, with its new pictures stored; the one before is set aside. Stale, carrying what
    stands now, when somebody saved after the difference was shown."""
    taking = begin(item, Deed.DRAFT, by=by, at=at)
    version = opened(taking.item)
    if version.moved_since(revision):
        raise Stale(f"{version.edited_by.name}在您核对期间保存过此稿，请再核对一次", version.body)
    reading = read(taking.item, file)
    body_of(taking.item, reading)
    body = typed(_with_pictures(taking, reading))
    if version.pk and version.body.strip():
        set_aside(taking, VersionOrigin(version.origin), then=VersionOrigin.IMPORTED)
        version = opened(taking.item)
    version.origin = VersionOrigin.IMPORTED
    kept = {name: getattr(version, name) for name in SIGNED}
    draft = Draft(**{**kept, "title": reading.title[:200] or version.title, "body": body})
    fill(version, draft, by=by, at=at)
    taking.done(f"导入Word改稿，成为{version}", version=version.number, sha256=file.sha256)
    return version


def _with_pictures(taking: Taking, reading: Reading) -> list[Block]:
    known, found = _stored(taking.item), list[Block]()
    for one in reading.found:
        if isinstance(one, Block):
            found.append(one)
            continue
        digest = hashlib.sha256(one.data).hexdigest()
        if digest not in known:
            upload = ContentFile(one.data, name=one.name)
            row = filing.store(upload, purpose="稿本插图", by=taking.by, at=taking.at, assignment=taking.item)
            known[digest] = row.pk
        found.append(Block(BlockKind.PICTURE, file=known[digest]))
    return found
