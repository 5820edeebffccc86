"""The record of proved forms, written for the rules that checks of sound optimizers meet: `python -m refopt.conformance.diagnose.record_forms`.

These are every rule and variant, and each rule with its coefficients formed in a narrower format, which frameworks do in float32.
"""

from __future__ import annotations

from refopt import catalogue
from refopt.conformance.diagnose.precision_causes import with_coefficients
from refopt.rounding.proved_forms import RECORD, proved

HEAD = "# Graphs of forms in which SymPy proved every node: python -m refopt.conformance.diagnose.record_forms"


def main() -> None:
    """Write the record."""
    lines = []
    for rule in catalogue.rules(variants=True):
        lines += [f"{name} {rule.name}" for name in proved(rule)]
        if "/" not in rule.name:
            lines += [f"{name} {rule.name}" for apart in with_coefficients(rule) for name in proved(apart, amplifying=False)]
    RECORD.write_text("\n".join([HEAD, *dict.fromkeys(lines), ""]), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
