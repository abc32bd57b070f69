"""What developers and CI install is locked: every dependency in one version, every file of it by its hash."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKED = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")


def named(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_every_dependency_is_locked_in_one_version_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {named(each) for each in [*project["dependencies"], *extras["dev"], *extras["docs"]]}

    entries = re.findall(r"(?m)^([\w.-]+)==(\S+)(.*\n(?:[ ].*\n)*)", LOCKED)

    assert wanted <= {named(name) for name, _, _ in entries}, "run `make lock`"
    assert all("--hash=sha256:" in rest for _, _, rest in entries)
    assert not re.search(r"(?m)^(?![\w.-]+==|\s|#|$)", LOCKED), "nothing comes from elsewhere than the index"
