"""渠道的配置：channels.toml, which the operator keeps beside the data; it holds secrets."""

from huiyin.notices.sending import Channel


def configured() -> dict[str, Channel]:
    """The channels by name."""
    return {}
