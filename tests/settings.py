"""Settings of the tests: the demo's, with a cheap password hash and a data folder of their own."""

import os
import tempfile

os.environ.setdefault("HUIYIN_DEMO", "1")
os.environ.setdefault("HUIYIN_DATA", tempfile.mkdtemp(prefix="huiyin-tests-"))

from huiyin.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
