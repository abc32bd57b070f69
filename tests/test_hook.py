"""The hook that we offer, as others use it: pre-commit itself, in a repository that is not ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import ROOT, commit_checkout, git, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no checkout"),
]


def test_one_hook_finds_and_never_writes_and_the_other_mends(tmp_path: Path) -> None:
    home, ours, theirs = tmp_path / "home", tmp_path / "kaudit", tmp_path / "site"

    def hook(name: str) -> subprocess.CompletedProcess[str]:
        git("add", "--all", folder=theirs, home=home)
        return run(sys.executable, "-m", "pre_commit", "run", name, "--all-files", folder=theirs, home=home)

    revision = commit_checkout(ours, home)
    theirs.mkdir()
    git("init", "--quiet", folder=theirs, home=home)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?ms)^```yaml\n(.*?)^```$", readme)
    config = re.sub(r"repo: \S+", f"repo: {ours}", re.sub(r"rev: \S+", f"rev: {revision}", shown))
    config += "      - id: kaudit-fix\n"
    (theirs / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    page = theirs / "page.md"
    page.write_text("Ketamine is a miracle drug.\n", encoding="utf-8")
    (theirs / "code.py").write_text("# a miracle drug\n", encoding="utf-8")

    found = hook("kaudit")
    assert found.returncode == 1, found.stdout
    assert "page.md:1:15: " in found.stdout
    assert "code.py" not in found.stdout
    assert page.read_text(encoding="utf-8") == "Ketamine is a miracle drug.\n"

    mended = hook("kaudit-fix")
    assert mended.returncode == 1, mended.stdout
    assert "files were modified by this hook" in mended.stdout
    assert "miracle" not in page.read_text(encoding="utf-8")
    assert (theirs / "code.py").read_text(encoding="utf-8") == "# a miracle drug\n"

    for name in ("kaudit-fix", "kaudit"):
        passed = hook(name)
        assert passed.returncode == 0, passed.stdout
