"""办理规程的版本: the text of each profile ever used, kept word for word, so that what an item was promised stays."""

from functools import lru_cache

from django.db import models

from huiyin.rules import profile as profiles
from huiyin.rules.profile import Profile


class ProfileVersion(models.Model):
    """用过的一版办理规程. Written once, never changed: other values need another version number."""

    name = models.CharField("名称", max_length=40)
    version = models.CharField("版本", max_length=20)
    title = models.CharField("标题", max_length=80)
    text = models.TextField("全文")
    kept_at = models.DateTimeField("启用时间")

    class Meta:
        ordering = ["name", "version"]
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="profile_version_once")]

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"


@lru_cache(maxsize=256)
def profile_of(name: str, version: str) -> Profile:
    """办理规程 of that name and version as it was kept. A kept text never changes, so it is parsed once."""
    kept = ProfileVersion.objects.get(name=name, version=version)
    return profiles.parse(kept.text, f"{name} {version}")
