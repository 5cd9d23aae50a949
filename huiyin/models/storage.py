"""附件 (R79): stored files, fsynced before their row exists, named by us, hashed."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db import models


class DurableStorage(FileSystemStorage):
    """Writes to a temporary name, fsyncs the file, renames it, fsyncs the folder: what was acknowledged survives
    a power cut, which Django's own storage does not promise."""

    def _save(self, name: str, content: Any) -> str:
        full = Path(self.path(name))
        full.parent.mkdir(parents=True, exist_ok=True)
        temporary = full.with_name(f".{uuid.uuid4().hex}")
        try:
            with temporary.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(full)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync(full.parent)
        _sync(full.parent.parent)  # the folder may be new
        return str(name).replace("\\", "/")


def _sync(folder: Path) -> None:
    """A folder's own entries onto the disk; Windows does this by itself and opens no folders."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _path(_: StoredFile, __: str) -> str:
    key = uuid.uuid4().hex
    return f"{key[:2]}/{key}"


class StoredFile(models.Model):
    """附件. `name` is what people called it, never a path; `sha256` is of the bytes."""

    file = models.FileField(upload_to=_path, max_length=100)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=120)
    purpose = models.CharField("用途", max_length=60, blank=True)
    assignment = models.ForeignKey(
        "huiyin.Assignment", models.PROTECT, related_name="files", null=True, verbose_name="承办件"
    )
    suggestion = models.ForeignKey(
        "huiyin.Suggestion", models.PROTECT, related_name="files", null=True, verbose_name="建议"
    )
    uploaded_by = models.ForeignKey("huiyin.Person", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
