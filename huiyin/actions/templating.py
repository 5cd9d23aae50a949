"""公文模板: a unit's own .docx for a kind of paper. What is uploaded is looked at before it is kept; one is in use, the
earlier ones are kept, and the built-in one is always there to go back to."""

from datetime import datetime

from django.db import transaction

from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import own_unit
from huiyin.actions._refused import Refused
from huiyin.actions.filing import Upload, store
from huiyin.documents.catalogue import CATALOGUE
from huiyin.documents.filling import wrong_with
from huiyin.models import PaperTemplate, Person, Unit
from huiyin.rules.vocabulary import Deed, PaperKind

LARGEST = 5 * 2**20


@transaction.atomic
def set_template(kind: PaperKind, *, upload: Upload, by: Person, at: datetime) -> PaperTemplate:
    """启用本单位的模板. Refused, with every reason and where it stands, when it cannot be filled."""
    unit, entry = own_unit(by, Deed.SET_TEMPLATE, at=at), CATALOGUE[kind]
    if not str(upload.name or "").lower().endswith(".docx"):
        raise Refused("模板须是 .docx 文件，请在Word或WPS里另存为 .docx 再上传")
    if (upload.size or 0) > LARGEST:
        raise Refused(f"模板不能超过{LARGEST // 2**20}MB，请去掉大的图片再上传")
    upload.seek(0)
    if wrong := wrong_with(upload.read(), entry.slots):
        raise Refused(wrong)
    file = store(upload, purpose=f"{entry.name}模板", by=by, at=at)
    _retire(unit, kind, at)
    row = PaperTemplate.objects.create(unit=unit, kind=kind, file=file, uploaded_by=by, uploaded_at=at)
    record_unit(
        unit, Deed.SET_TEMPLATE, by=by, at=at, text=f"启用{entry.name}模板：{file.name}", sha256=file.sha256
    )
    return row


@transaction.atomic
def use_built_in(kind: PaperKind, *, by: Person, at: datetime) -> None:
    """恢复内置模板."""
    unit = own_unit(by, Deed.SET_TEMPLATE, at=at)
    if not _retire(unit, kind, at):
        raise Refused(f"{kind.label}用的就是内置模板")
    record_unit(unit, Deed.SET_TEMPLATE, by=by, at=at, text=f"{kind.label}恢复内置模板")


def _retire(unit: Unit, kind: PaperKind, at: datetime) -> int:
    return PaperTemplate.objects.filter(unit=unit, kind=kind, retired_at__isnull=True).update(retired_at=at)
