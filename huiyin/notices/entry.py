"""channels.toml 的一节：each key taken and checked once; what is wrong is said with file and key, never with the value."""

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huiyin.rules.vocabulary import NoticeKind


class ChannelError(Exception):
    """渠道配置有误：a sentence with the file and the key."""


class Entry:
    """One section. `insecure = true` in it allows what is not encrypted."""

    def __init__(self, path: Path, name: str, table: dict[str, Any]) -> None:
        self.path, self.name, self.table = path, name, dict(table)
        self.insecure = self.yes("insecure")

    def wrong(self, key: str, what: str) -> ChannelError:
        return ChannelError(f"{self.path} 的 [{self.name}]：{key} {what}")

    def done(self) -> None:
        """Raise for keys nobody has taken."""
        if self.table:
            raise self.wrong("、".join(sorted(self.table)), "不是这种渠道可用的项")

    def yes(self, key: str) -> bool:
        value = self.table.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "应为 true 或 false")
        return value

    def whole(self, key: str, default: int) -> int:
        value = self.table.pop(key, default)
        if not isinstance(value, int) or not 1 <= value <= 60:
            raise self.wrong(key, "应为1到60的整数")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.table.pop(key, default)
        if value is None or (default is None and value == ""):
            raise self.wrong(key, "没有填写")
        if not isinstance(value, str) or any(not one.isprintable() for one in value):
            raise self.wrong(key, "应为一行文字")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.table.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.wrong(key, '应为文字的列表，如 ["甲", "乙"]')
        return tuple(one.strip() for one in value)

    def kinds(self, key: str) -> tuple[str, ...]:
        """Kinds of notice by their Chinese labels; at least one."""
        found = self.texts(key)
        labels = [one.label for one in NoticeKind]
        if not found or not set(found) <= set(labels):
            raise self.wrong(key, f"应从这些种类里选：{'、'.join(labels)}")
        return tuple(NoticeKind.of(one).value for one in found)

    def certificate(self, key: str) -> str:
        """The path of a file with certificates, or nothing."""
        value = self.text(key, "")
        try:
            ssl.create_default_context(cafile=value or None)
        except OSError:
            raise self.wrong(key, "指的不是证书文件") from None
        return value

    def address(self, key: str, schemes: dict[str, int], *, plain: str) -> str:
        """A URL with one of the schemes; `plain` is the one that is not encrypted."""
        value = self.text(key)
        try:
            at = urlsplit(value)
            at.port  # noqa: B018 - raises for what is no port
        except ValueError:
            raise self.wrong(key, "不是网址") from None
        if at.scheme not in schemes or not at.hostname:
            raise self.wrong(key, f"应以 {'、'.join(f'{one}://' for one in schemes)} 开头，写明主机")
        if at.scheme == plain and not self.insecure:
            raise self.wrong(key, f"用 {plain}:// 是不加密的；确需如此，另写 insecure = true")
        return value
