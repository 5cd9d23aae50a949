"""以 HTTPS 发 JSON：what surely was not sent is told apart from what may have arrived."""

import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from huiyin.notices.entry import Entry
from huiyin.notices.sending import Channel, MayHaveArrived, NotSent

SCHEMES = {"https": 443, "http": 80}
PASSED_ON = frozenset({502, 504})  # a gateway that answers so may have handed the request on


@dataclass(frozen=True, kw_only=True, repr=False)
class Posting(Channel):
    """What is sent by POST below `base`. `ca`: a file with the certificate of an authority of one's own; `proxy`: the
    way out of the network, where there is one."""

    base: str
    timeout: int
    ca: str
    proxy: str

    @staticmethod
    def reach(entry: Entry) -> dict[str, Any]:
        """The keys all of this kind have."""
        proxy = entry.text("proxy", "")
        if proxy and not proxy.startswith(("http://", "https://")):
            raise entry.wrong("proxy", "应以 http://、https:// 开头")
        return {
            "base": entry.address("base", SCHEMES, plain="http").rstrip("/"), "proxy": proxy,
            "timeout": entry.whole("timeout", 10), "ca": entry.certificate("ca"),
        }  # fmt: skip

    def where(self) -> str:
        at = urlsplit(self.base)
        return f"{at.scheme}://{at.hostname}{f':{at.port}' if at.port else ''}"

    def post(self, path: str, body: bytes, **more: Any) -> httpx.Response:
        """The answer that says it was taken. NotSent while nothing has gone out or the answer is no; MayHaveArrived
        when there is no answer."""
        trust = ssl.create_default_context(cafile=self.ca) if self.ca else True
        try:
            with httpx.Client(
                timeout=self.timeout, verify=trust, proxy=self.proxy or None, trust_env=False
            ) as client:
                answer = client.post(self.base + path, content=body, follow_redirects=False, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise NotSent(f"连不上（{type(error).__name__}）", down=True) from None
        except httpx.HTTPError as error:
            raise MayHaveArrived(f"已发出，没有收到回答（{type(error).__name__}）") from None
        if answer.status_code in PASSED_ON:
            raise MayHaveArrived(f"对方的网关回答{answer.status_code}，不知是否转到")
        if not answer.is_success:
            raise NotSent(f"对方回答{answer.status_code}")
        return answer
