"""Fixtures: the built-in catalog, read once, and a cache of compiled catalogs that no other program sees."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from kaudit.catalog import load_catalog
from kaudit.catalog.compiled import Catalog

# The same examples in every run of CI, so that a change is blamed for its own failures only; new ones at a desk.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def _private_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["KAUDIT_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with a source distribution and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    root = Path(__file__).parent.parent
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", folder, root], check=True, capture_output=True, timeout=600
    )
    return folder
