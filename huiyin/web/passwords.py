"""口令复杂度 (R78, GB/T 22239)."""

import re

from django.core.exceptions import ValidationError

KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")


LEAST = 10


class LongEnough:
    """至少十位."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < LEAST:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        return f"口令至少{LEAST}位"


class ThreeKinds:
    """小写、大写、数字、符号中至少三种."""

    def validate(self, password: str, user: object = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return "口令应含小写字母、大写字母、数字、符号中的至少三种"
