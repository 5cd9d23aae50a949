"""模板标签."""

from django import template

register = template.Library()
