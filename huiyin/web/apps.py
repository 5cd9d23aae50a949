from django import forms
from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "huiyin.web"
    label = "huiyin_web"

    def ready(self) -> None:
        """必填而没有填的，as an office says it: not Django's 这个字段是必填项."""
        forms.Field.default_error_messages["required"] = "还没有填"
