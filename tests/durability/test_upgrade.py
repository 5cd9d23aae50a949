"""升级不丢数据: what version 0.1 stored is there after the migrations, with clocks that replay."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.durability import places


def test_data_of_the_first_version_are_taken_along(tmp_path: Path) -> None:
    place = places.empty(tmp_path / "old")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "tests.durability.upgrade"], env={**os.environ, **place.env},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        found = json.loads(run.stdout.splitlines()[-1])
    finally:
        places.drop(place)
    assert found == {
        "profile": "jiangxi",
        "due": "2020-08-29",
        "clocks": {
            "reply": [False, "2020-08-29", "2020-08-29"],
            "asked": [True, "2020-06-29", "2020-06-29"],
            "promise": [True, "2020-10-31", "2020-10-31"],
            "visit": [True, "2021-01-27", "2021-01-27"],
        },
    }
