"""内存: how much a download takes above the process that has just served a small page. The peak is the kernel's own."""

import os
import sys
from pathlib import Path
from typing import Any

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def resident(name: str) -> float:
    line = next(one for one in STATUS.read_text().splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def main(address: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    from django.test import Client

    from huiyin.models import Person

    client = Client()
    client.force_login(Person.objects.get(username="p0"), backend="django.contrib.auth.backends.ModelBackend")
    client.get("/ledger/?size=50")
    CLEAR.write_text("5")  # the peak counts from here
    idle = resident("VmRSS")
    response: Any = client.get(address)
    for _ in response.streaming_content if response.streaming else ():  # as a server hands it on
        pass
    print(f"{resident('VmHWM') - idle:.1f}")


if __name__ == "__main__":
    main(sys.argv[1])
