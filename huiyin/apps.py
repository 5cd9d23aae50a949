from django.apps import AppConfig


class HuiyinConfig(AppConfig):
    name = "huiyin"
    verbose_name = "回音"
