"""Compile the built-in catalog into every wheel and editable install, so that the first start is a quick one."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes kaudit/catalog/compiled_catalog.json; in an editable install it serves until the catalog changes."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalog of the tree that is built."""
        sys.path.insert(0, self.root)
        from kaudit.catalog import cache, load_catalog

        cache.write_shipped(load_catalog(cached=False))
        build_data["artifacts"].append(f"/{cache.SHIPPED.relative_to(self.root).as_posix()}")
