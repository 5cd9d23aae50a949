"""The demo's settings, for a data folder and a database that bench.run names."""

import os

os.environ.setdefault("HUIYIN_DEMO", "1")

from huiyin.settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
DATABASES["default"]["OPTIONS"].pop("options", None)  # noqa: F405 - a slow peer may take its time
