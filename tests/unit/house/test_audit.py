"""``make audit`` names known vulnerabilities, and takes no feed that it did not reach for a clean result."""

from __future__ import annotations

import json
from typing import Any

from audit import format_audit, parse_npm_audit, parse_pip_audit

_FOUND = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"], "description": ""}
_NOT_CHECKED = ["of: not checked: the advisory feed cannot be reached"]


def pip_lines(*rows: dict[str, Any]) -> list[str]:
    return format_audit("of", parse_pip_audit(json.dumps({"dependencies": rows, "fixes": []})))


def test_vulnerable_python_packages_are_named_with_the_version_that_is_fixed() -> None:
    assert pip_lines(
        {"name": "a", "version": "1.0", "vulns": [_FOUND]}, {"name": "b", "version": "1", "vulns": []}
    ) == ["of: 2 checked, 1 known vulnerabilities", "  a 1.0: PYSEC-1, CVE-2026-1, fixed in 2.0"]


def test_packages_that_the_feed_does_not_have_are_named_and_not_counted() -> None:
    skipped = {"name": "c", "skip_reason": "Dependency not found on PyPI"}
    assert pip_lines({"name": "b", "version": "1", "vulns": []}, skipped) == [
        "of: 1 checked, 0 known vulnerabilities",
        "  not checked, since the feed does not have them: c",
    ]
    assert pip_lines(skipped) == _NOT_CHECKED


def test_vulnerable_npm_packages_are_named() -> None:
    row = {"severity": "high", "range": "<2", "via": ["other", {"title": "Prototype pollution"}]}
    report = {"vulnerabilities": {"a": row}, "metadata": {"dependencies": {"total": 300}}}
    assert format_audit("of", parse_npm_audit(json.dumps(report))) == [
        "of: 300 checked, 1 known vulnerabilities",
        "  a <2: high, other, Prototype pollution",
    ]


def test_a_report_of_an_error_or_none_at_all_is_no_clean_result() -> None:
    refused = json.dumps({"message": "405 Method Not Allowed", "statusCode": 405, "error": {}})
    for text in ("", "no JSON", "[]", refused):
        assert format_audit("of", parse_npm_audit(text)) == _NOT_CHECKED
        assert format_audit("of", parse_pip_audit(text)) == _NOT_CHECKED
