"""台账版式：the office's own layouts of the ledger, several by name. What is uploaded is looked at before it is kept; of a name
one is in use, the earlier ones are kept."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import own_unit
from huiyin.actions._refused import Refused
from huiyin.actions.filing import Upload, store
from huiyin.documents import ledger_filling, ledger_template
from huiyin.documents.ledger_template import LINE, Unfit
from huiyin.models import LedgerTemplate, Person, Unit
from huiyin.queries.columns import BY_KEY
from huiyin.rules.vocabulary import Deed

KEEPING = "维护台账版式"
LARGEST = 5 * 2**20
LONGEST_NAME = 40


@transaction.atomic
def set_layout(name: str, *, upload: Upload, by: Person, at: datetime) -> LedgerTemplate:
    """启用一个版式, in the place of the one of this name. Refused with every reason when it cannot be filled."""
    unit, name = own_unit(by, Deed.SET_TEMPLATE, at=at, what=KEEPING), name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"版式要有名称，不超过{LONGEST_NAME}个字，不能有控制字符")
    if not str(upload.name or "").lower().endswith(".xlsx"):
        raise Refused("版式须是 .xlsx 文件，请在Excel或WPS里另存为 .xlsx 再上传")
    if (upload.size or 0) > LARGEST:
        raise Refused(f"版式不能超过{LARGEST // 2**20}MB，请去掉数据和大的图片再上传")
    upload.seek(0)
    try:
        found = ledger_template.read(upload.read(), known=dict(unit.headings.values_list("words", "key")))
        ledger_filling.layout(found, found.columns, found.columns, {}, size=1)  # can it be filled?
    except Unfit as unfit:
        raise Refused(unfit.reasons) from unfit
    file = store(upload, purpose="台账版式", by=by, at=at)
    _retire(unit, name, at)
    row = LedgerTemplate.objects.create(
        unit=unit, name=name, file=file, sheet=found.sheet[:40], head_row=found.head_row, columns=found.columns,
        uploaded_by=by, uploaded_at=at,
    )  # fmt: skip
    record_unit(
        unit, Deed.SET_TEMPLATE, by=by, at=at, text=f"启用台账版式“{name}”：{file.name}", sha256=file.sha256
    )
    return row


@transaction.atomic
def match(layout: LedgerTemplate, columns: Sequence[str], *, by: Person, at: datetime) -> None:
    """对应各列：what stands in each of its columns, as a person says."""
    unit = own_unit(by, Deed.SET_TEMPLATE, at=at, what=KEEPING)
    row = _in_use(unit, layout)
    if len(columns) != len(row.columns) or any(key and key != LINE and key not in BY_KEY for key in columns):
        raise Refused("各列的对应不符，请刷新后重新选择")
    if not any(key and key != LINE for key in columns):
        raise Refused("至少要有一列对应台账的内容")
    row.columns = list(columns)
    row.save(update_fields=["columns"])
    record_unit(
        unit, Deed.SET_TEMPLATE, by=by, at=at, text=f"台账版式“{row.name}”对应各列", columns=row.columns
    )


@transaction.atomic
def retire(layout: LedgerTemplate, *, by: Person, at: datetime) -> None:
    """停用; its file is kept."""
    unit = own_unit(by, Deed.SET_TEMPLATE, at=at, what=KEEPING)
    row = _in_use(unit, layout)
    _retire(unit, row.name, at)
    record_unit(unit, Deed.SET_TEMPLATE, by=by, at=at, text=f"停用台账版式“{row.name}”")


def _in_use(unit: Unit, layout: LedgerTemplate) -> LedgerTemplate:
    row = LedgerTemplate.objects.filter(unit=unit, pk=layout.pk, retired_at__isnull=True).first()
    if row is None:
        raise Refused("这个版式已经停用")
    return row


def _retire(unit: Unit, name: str, at: datetime) -> int:
    return LedgerTemplate.objects.filter(unit=unit, name=name, retired_at__isnull=True).update(retired_at=at)
