"""The draft page's editor: built from editor/ with Node.js, once, into the static files; the product itself needs no Node.

`python scripts/build_editor.py` builds; what was built from which source is written to vendor.json, and a test compares.
"""

import hashlib
import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE, BUILT = ROOT / "editor", ROOT / "huiyin" / "web" / "static" / "vendor" / "huiyin-editor"


def digests() -> dict[str, str]:
    """SHA-256 of each source file and of what was built."""
    files = [SOURCE / "package.json", *sorted((SOURCE / "src").glob("*.js")), BUILT / "editor.js"]
    return {str(one.relative_to(ROOT)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def main() -> None:
    subprocess.run(["npm", "install", "--no-package-lock", "--silent"], cwd=SOURCE, check=True)
    subprocess.run(["npm", "run", "build", "--silent"], cwd=SOURCE, check=True)
    package = json.loads((SOURCE / "package.json").read_text())
    facts = {"licence": "MIT", "packages": package["dependencies"], "sha256": digests()}
    (BUILT / "vendor.json").write_text(json.dumps(facts, indent=2) + "\n")


if __name__ == "__main__":
    main()
