"""`huiyin verify`：checks the journal, the signed texts and the stored files against their digests (R75, R79), and what
lists and figures count against the rows (R66)."""

import hashlib
import sys
from typing import Any

from django.core.management.base import BaseCommand

from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, Event, ReplyVersion, StoredFile
from huiyin.queries import counting


class Command(BaseCommand):
    help = "Verify the journal's chains, every submitted text, every stored file and every count"

    def handle(self, *args: Any, **options: Any) -> None:
        bad = [f"轨迹不符：{where}" for where in broken_links()]
        for version in ReplyVersion.objects.filter(submitted_at__isnull=False).iterator():
            if version.text_digest() != version.digest:
                bad.append(f"稿本不符：承办件{version.assignment_id} {version}")
        for item in (
            Assignment.objects.select_related("suggestion")
            .prefetch_related(*counting.PREFETCH)
            .iterator(chunk_size=500)
        ):
            bad += [f"计数不符：承办件{item.pk} {what}" for what in counting.miscounted(item)]
        for row in StoredFile.objects.iterator():
            try:
                with row.file.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                digest = ""
            if digest != row.sha256:
                bad.append(f"文件不符：{row.pk} {row.name}")
        for line in bad:
            self.stderr.write(line)
        self.stdout.write(
            f"轨迹 {Event.objects.count()} 条，文件 {StoredFile.objects.count()} 个，不符 {len(bad)} 处"
        )
        if bad:
            sys.exit(1)
