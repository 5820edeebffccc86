"""Results as people and programs read them: terminal, JSON lines, Markdown, JUnit XML, HTML, the Report object."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name in ("check", "Report", "NotAsExpected"):
        from refopt.report import report

        return getattr(report, name)
    raise AttributeError(f"module 'refopt.report' has no attribute {name!r}")
