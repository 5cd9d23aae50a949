"""Channels of a test: a file of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[[str], Path]


@pytest.fixture
def channels(settings: Any, tmp_path: Path) -> Write:
    """Writes channels.toml and has the product read it."""
    file = tmp_path / "channels.toml"
    settings.CHANNELS = str(file)

    def write(text: str) -> Path:
        file.write_text(text)
        return file

    return write
