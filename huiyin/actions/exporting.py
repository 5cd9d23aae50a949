"""导出 (R75)：that a list left the house is told in the unit's journal."""

from datetime import datetime

from huiyin.actions._journal import record_unit
from huiyin.models import Person
from huiyin.rules.vocabulary import Deed


def record(what: str, *, of: str, rows: int, by: Person, at: datetime) -> None:
    """记导出：who took out `what` (the kind of file), `of` which items (the conditions, in words), how many rows. Told
    before the first byte goes out, in a transaction of its own, so that the download that follows holds none. Who is of
    no unit sees nothing and takes nothing out."""
    if by.unit is not None:
        record_unit(by.unit, Deed.EXPORT, by=by, at=at, text=f"{what}，{rows}行；{of}", rows=rows)
