"""PDF：a .docx turned into PDF by LibreOffice where it is installed. Each run is alone, in a folder and with a
profile of its own, with little memory and time, and is ended with all its children when it takes too long."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

SECONDS, CPU_SECONDS, KILOBYTES = 60, 60, 4 * 2**20
LIMITED = (
    'ulimit -c 0; ulimit -v "$1"; ulimit -t "$2"; shift 2; exec "$@"'  # no threads are forked: sh sets them
)
KEPT = ("PATH", "LANG", "LC_ALL")
# The official fonts, where the machine has none of that name, are shown by full-width ones that it may have.
INSTEAD = {
    "仿宋_GB2312": ("仿宋", "FandolFang", "Noto Serif CJK SC"), "楷体_GB2312": ("楷体", "FandolKai", "LXGW WenKai", "Noto Serif CJK SC"),
    "宋体": ("SimSun", "Noto Serif CJK SC"), "黑体": ("SimHei", "Noto Sans CJK SC"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "Noto Serif CJK SC"),
}  # fmt: skip


class NotConverted(Exception):  # noqa: N818 - said to whoever asked
    """没有转成 PDF, and why."""


def command() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice") if os.name == "posix" else None


def available() -> bool:
    return command() is not None


def convert(data: bytes) -> bytes:
    """The paper as PDF. Raises NotConverted."""
    return converted(data, "docx", "pdf", "PDF", "请下载Word文件")


def converted(data: bytes, before: str, after: str, called: str, instead: str) -> bytes:
    """A file of one kind (by its suffix) as another. Raises NotConverted: what it is called, what to do instead."""
    (found,) = converted_all([data], before, after, called, instead)
    if isinstance(found, NotConverted):
        raise found
    return found


def converted_all(
    papers: Sequence[bytes], before: str, after: str, called: str, instead: str
) -> list[bytes | NotConverted]:
    """Files of one kind as another, in one run, which starts once and has the same memory and time for all of them; in the
    place of what was not converted stands why."""
    program = command()
    if program is None:
        return [NotConverted(f"本机没有安装LibreOffice，不能转成{called}，{instead}") for _ in papers]
    why = f"没有转成{called}，{instead}"
    with tempfile.TemporaryDirectory(prefix="huiyin-pdf-") as folder:
        sources = [Path(folder, f"paper{number}.{before}") for number in range(len(papers))]
        for source, data in zip(sources, papers, strict=True):
            source.write_bytes(data)
        Path(folder, "fonts.conf").write_text(fonts(folder), encoding="utf-8")
        try:
            _run(
                program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nolockcheck",
                "--convert-to", after, "--outdir", folder, *map(str, sources), folder=folder,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            why = f"转成{called}用了{SECONDS}秒还没有完成，{instead}"
        targets = [source.with_suffix(f".{after}") for source in sources]
        return [one.read_bytes() if one.exists() else NotConverted(why) for one in targets]


def fonts(folder: str) -> str:
    """What stands in for the official fonts, as fontconfig reads it."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><accept>'
        + "".join(f"<family>{one}</family>" for one in others)
        + "</accept></alias>"
        for name, others in INSTEAD.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>{folder}/fonts</cachedir>{aliases}</fontconfig>'
    )


def _run(*words: str, folder: str) -> None:
    environ = {key: os.environ[key] for key in KEPT if key in os.environ}
    environ |= {"FONTCONFIG_FILE": f"{folder}/fonts.conf", "HOME": folder, "TMPDIR": folder, "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}  # fmt: skip
    limits = ("/bin/sh", "-c", LIMITED, "sh", str(KILOBYTES), str(CPU_SECONDS))
    with subprocess.Popen(  # noqa: S603 - a fixed program on a file we wrote
        (*limits, *words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=folder, env=environ, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(timeout=SECONDS)
        finally:
            _end(process.pid)


def _end(group: int) -> None:
    """soffice leaves children: the whole group is ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
