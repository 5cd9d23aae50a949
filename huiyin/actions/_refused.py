"""不予办理：the answers a deed gives when it is not done."""

from collections.abc import Iterable


class Refused(Exception):  # noqa: N818 - the field's word is 不予办理, not an error
    """不能办：carries all reasons, each a sentence that says what is missing."""

    def __init__(self, reasons: Iterable[str] | str) -> None:
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__("；".join(self.reasons))


class AlreadyDone(Exception):  # noqa: N818
    """已经办过：the same form was sent before; nothing is done twice."""


class Stale(Refused):
    """已有新稿：the text changed since the page was opened; `current` is what stands now."""

    def __init__(self, reason: str, current: str = "") -> None:
        super().__init__(reason)
        self.current = current


def require(**answers: object) -> None:
    """Refuse with the labels of everything left empty: `require(理由=reason)`."""
    empty = [
        label for label, value in answers.items() if value in (None, "", [], ()) or not str(value).strip()
    ]
    if empty:
        raise Refused([f"还没有写{label}" for label in empty])
