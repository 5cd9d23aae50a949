"""渠道的配置：channels.toml, which the operator keeps beside the data. It holds secrets; none of them is ever shown."""

import logging
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from huiyin.notices.by_apprise import ByApprise
from huiyin.notices.entry import ChannelError, Entry
from huiyin.notices.mail import Mail
from huiyin.notices.robots import DingTalk, Feishu, Webhook, WeCom
from huiyin.notices.sending import Channel

log = logging.getLogger(__name__)
KINDS: dict[str, tuple[str, Any]] = {
    "mail": ("电子邮件", Mail),
    "wecom": ("企业微信群", WeCom),
    "dingtalk": ("钉钉群", DingTalk),
    "feishu": ("飞书群", Feishu),
    "webhook": ("消息网关", Webhook),
    "apprise": ("Apprise", ByApprise),
}
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
Channels = dict[str, Channel]
_last_good: dict[Path, Channels] = {}
_complained = set[str]()


def path() -> Path:
    return Path(settings.CHANNELS or settings.DATA_DIR / "channels.toml")


def configured() -> Channels:
    """The channels by name. A file that has become wrong changes nothing: what it last said holds until it is mended."""
    try:
        _last_good[path()] = load(path())
    except ChannelError as error:
        if str(error) not in _complained:
            log.error("%s", error)  # once, and without a traceback
            _complained.add(str(error))
    return _last_good.get(path(), {})


def site() -> str:
    """The address of this installation that messages lead to; empty if the file does not say."""
    return next((one.site for one in configured().values()), "")


def load(file: Path) -> Channels:
    """What the file says; ChannelError if something in it is wrong. No file, no channels."""
    try:
        stamp = file.stat()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ChannelError(f"{file} 读不出来：{_place(error)}") from None
    return dict(_read(file, stamp.st_mtime_ns, stamp.st_size))


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int, _size: int) -> tuple[tuple[str, Channel], ...]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        raise ChannelError(f"{file} 读不出来：{_place(error)}") from None
    site = table.pop("site", "")
    if not isinstance(site, str) or (site and not site.startswith(("https://", "http://"))):
        raise ChannelError(f"{file}：site 应为本系统的网址")
    return tuple((name, _channel(file, name, one, site.rstrip("/"))) for name, one in table.items())


def _place(error: Exception) -> str:
    """Why and where a file cannot be read, without what stands there."""
    if not isinstance(error, tomllib.TOMLDecodeError):
        return type(error).__name__
    found = re.search(r"line (\d+), column \d+", str(error))
    return f"第{found.group(1)}行不是 TOML" if found else "末尾不是 TOML"


def _channel(file: Path, name: str, table: object, site: str) -> Channel:
    if not isinstance(table, dict):
        raise ChannelError(f"{file}：{name} 应写在某个渠道的一节里，如 [mail]")
    entry = Entry(file, name, table)
    if not NAME.fullmatch(name):
        raise entry.wrong("名称", "应为小写字母、数字和连字符，不超过40个")
    kind = entry.text("kind")
    if kind not in KINDS:
        raise entry.wrong("kind", f"应为 {'、'.join(KINDS)} 之一")
    label, made = KINDS[kind]
    common: dict[str, Any] = {
        "name": name, "label": entry.text("label", label), "titles": entry.yes("titles"), "site": site,
    }  # fmt: skip
    if made.group:
        common |= {"unit": entry.text("unit"), "kinds": entry.kinds("kinds")}
    channel: Channel = made.read(entry, **common)
    entry.done()
    return channel
