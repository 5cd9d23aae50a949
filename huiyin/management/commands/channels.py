"""`huiyin channels`：渠道：check 列出配置了哪些渠道；test 用一条渠道发一条测试消息。"""

import sys
import uuid
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from huiyin.models import Person, Unit
from huiyin.notices.channels import Channels, load, path
from huiyin.notices.entry import ChannelError
from huiyin.notices.sending import Channel, MayHaveArrived, Message, NotSent
from huiyin.rules.vocabulary import NoticeKind


class Command(BaseCommand):
    help = (
        "List the channels notices go out by, or send one test message. Exit status 1 when something is wrong"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("check", help="what channels.toml says")
        test = deeds.add_parser("test", help="send one message now")
        test.add_argument("name", help="the channel's name in the file")
        test.add_argument("--to", required=True, metavar="USERNAME", help="whom it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            channels = load(path())
        except ChannelError as error:
            self._fail(str(error))
        if options["deed"] == "check":
            self._check(channels)
        else:
            self._test(channels, options["name"], options["to"])

    def _check(self, channels: Channels) -> None:
        if not channels:
            self.stdout.write(f"没有配置渠道（{path()}）；消息只在系统内显示")
            return
        if path().stat().st_mode & 0o077:
            self.stderr.write(f"{path()} 含有口令，别人也能读：请 chmod 600")
        for one in channels.values():
            self.stdout.write(f"{one.name}　{one.label}　{one.where()}　{_scope(one)}")
        for one in channels.values():
            if one.group and not Unit.objects.filter(hosted=True, short_name=one.unit).exists():
                self._fail(f"{path()} 的 [{one.name}]：unit 应为使用本系统的单位的简称")

    def _test(self, channels: Channels, name: str, username: str) -> None:
        channel, person = channels.get(name), Person.objects.filter(username=username).first()
        if channel is None:
            self._fail(f"没有渠道“{name}”")
        if person is None:
            self._fail(f"没有登录名“{username}”")
        text = "这是回音的一条测试消息。"
        message = Message(str(uuid.uuid4()), NoticeKind.SYSTEM, "测试", text, person, timezone.now())
        try:
            channel.send(message)
        except (NotSent, MayHaveArrived) as error:
            self._fail(f"{channel.label}：{error}")
        self.stdout.write(f"{channel.label}：已发出")

    def _fail(self, words: str) -> NoReturn:
        self.stderr.write(words)
        sys.exit(1)


def _scope(channel: Channel) -> str:
    titles = "写标题" if channel.titles else "只写编号"
    if not channel.group:
        return f"发给本人，{titles}"
    return f"{channel.unit}的群，{'、'.join(NoticeKind(one).label for one in channel.kinds)}，{titles}"
