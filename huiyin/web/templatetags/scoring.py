"""考核的标签：a mark as it is written, a rule in words."""

from decimal import Decimal

from django import template

from huiyin.queries import score_schemes
from huiyin.rules.scoring import Indicator, plain

register = template.Library()


@register.filter
def mark(value: Decimal | None) -> str:
    """97.33、5; — for none."""
    return "—" if value is None else plain(value)


@register.filter
def rule(one: Indicator) -> str:
    return score_schemes.rule(one)
