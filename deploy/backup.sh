#!/bin/sh
# 备份一次：backs up one installation into a new folder below TARGET: the database first, then the files, so that
# every file the database knows of is in the copy. Runs while the product runs. Restore: docs/operating.md.
#   deploy/backup.sh /var/backups/huiyin
set -eu
umask 077
target=${1:?usage: backup.sh TARGET_FOLDER}
home=$(cd "$(dirname "$0")/.." && pwd)
settings=${HUIYIN_ENV:-/etc/huiyin/huiyin.env}
if [ -r "$settings" ]; then
  set -a
  . "$settings"
  set +a
fi
data=${HUIYIN_DATA:?set HUIYIN_DATA, or HUIYIN_ENV to the file of settings}
out=$target/huiyin-$(date +%Y%m%d-%H%M%S)
part=$out.part
mkdir -p "$target"
mkdir "$part"
trap 'rm -rf "$part"' EXIT

if [ -n "${HUIYIN_DATABASE:-}" ]; then
  pg_dump --format=custom --no-owner --file="$part/database.dump" "$HUIYIN_DATABASE"
else
  "$home/.venv/bin/python" - "$data/huiyin.sqlite3" "$part/huiyin.sqlite3" <<'PYTHON'
import os
import sqlite3
import sys

if not os.path.exists(sys.argv[1]):
    sys.exit(f"no database at {sys.argv[1]}")
source, copy = sqlite3.connect(sys.argv[1], timeout=60), sqlite3.connect(sys.argv[2])
source.backup(copy)
copy.execute("PRAGMA journal_mode=DELETE")  # one file, without -wal and -shm beside it
if (found := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
    sys.exit(f"the copy is damaged: {found}")
PYTHON
fi
if [ -d "$data/files" ]; then
  tar -C "$data" --exclude='files/*/.*' -cf "$part/files.tar" files # names with a dot are half-written
fi
if [ -f "$data/secret_key" ]; then
  cp "$data/secret_key" "$part/secret_key"
fi
(cd "$part" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS)
sync
mv "$part" "$out"
trap - EXIT
echo "$out"
