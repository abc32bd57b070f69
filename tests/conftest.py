"""Fixtures: the built-in catalog, read once, and a cache of compiled catalogs that no other program sees."""

from __future__ import annotations

import os

import pytest

from kaudit.catalog import load_catalog
from kaudit.catalog.compiled import Catalog


@pytest.fixture(scope="session", autouse=True)
def _private_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["KAUDIT_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()
