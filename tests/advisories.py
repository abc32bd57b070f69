"""Ask pip-audit what is known against the locked dependencies, and say so when nobody could be asked.

The exit code is 1 when there is an advisory. Where the service that knows of them cannot be reached, nothing is known,
which is said, and no reason to fail.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCKED = Path(__file__).parent.parent / "requirements-dev.txt"


def main() -> int:
    """Tell what is known; return the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--format", "json", "--requirement", str(LOCKED)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        dependencies = json.loads(ran.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError) as error:
        print(f"advisories: not known, for the service that knows them cannot be reached: {error!r}")
        return 0
    asked = [entry for entry in dependencies if "skip_reason" not in entry]
    known = [(entry, advisory) for entry in asked for advisory in entry["vulns"]]
    for entry, advisory in known:
        fixed = ", ".join(advisory["fix_versions"]) or "no version"
        print(f"{entry['name']} {entry['version']}: {advisory['id']}, fixed in {fixed}")
    print(f"advisories: {len(known)} against {len(asked)} of {len(dependencies)} locked packages", end="")
    print(f"; of {len(dependencies) - len(asked)} nothing is known, for no service that can be reached knows them")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
