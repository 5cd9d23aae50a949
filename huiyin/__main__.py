"""命令行入口：`huiyin COMMAND` runs every command of the product and of Django."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        if not any(sign in str(error) for sign in ("no such table", "does not exist")):
            raise
        sys.exit("数据库还没有建好：首次使用请运行 huiyin init，升级后请运行 huiyin migrate")
    except BrokenPipeError:  # whoever reads our output, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
