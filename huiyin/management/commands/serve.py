"""`huiyin serve`：one process with waitress, behind a reverse proxy or on a closed network."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Migrate, collect static files and serve with waitress"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=8)
        parser.add_argument(
            "--proxy", default="127.0.0.1", help="address whose X-Forwarded headers are believed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from waitress import serve

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        from huiyin.wsgi import application

        self.stdout.write(f"回音：http://{options['host']}:{options['port']}/")
        serve(
            application,
            host=options["host"],
            port=options["port"],
            threads=options["threads"],
            ident="huiyin",
            trusted_proxy=options["proxy"],
            trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
            clear_untrusted_proxy_headers=True,
        )
