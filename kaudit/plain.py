"""Plain data: what was found in a document as numbers, texts, lists and dicts, as JSON can hold them, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kaudit.model import Audit, Category, Confidence, Finding, Reason, Severity, Span, Suggestion


def fields_of(audit: Audit) -> dict[str, Any]:
    """Return all of *audit* as plain data."""
    return {**asdict(audit), "approvals": sorted(audit.approvals)}


def audit_of(fields: dict[str, Any]) -> Audit:
    """Return what `fields_of` was given.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: when *fields* are of something else.
    """
    return Audit(
        **{
            **fields,
            "findings": tuple(map(_finding, fields["findings"])),
            "notes": tuple(fields["notes"]),
            "approvals": frozenset(fields["approvals"]),
            "gaps": tuple(fields["gaps"]),
        }
    )


def _finding(fields: dict[str, Any]) -> Finding:
    return Finding(
        **{
            **fields,
            "category": Category(fields["category"]),
            "severity": Severity(fields["severity"]),
            "confidence": Confidence(fields["confidence"]),
            "reasons": tuple(Reason(**_with_spans(reason)) for reason in fields["reasons"]),
            "suggestions": tuple(Suggestion(**_with_spans(entry)) for entry in fields["suggestions"]),
            "sources": tuple(fields["sources"]),
        }
    )


def _with_spans(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: Span(**value) if isinstance(value, dict) else value for name, value in fields.items()}
