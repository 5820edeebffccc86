"""The record of proofs: what stands in it is proved once more, what is on record needs no SymPy, and another graph is another one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from refopt import catalogue
from refopt.conformance.diagnose.record_forms import graphs, text
from refopt.rounding.proved_forms import RECORD, is_proved


def test_the_record_is_what_is_proved_of_every_rule_and_variant_and_nothing_else() -> None:
    assert RECORD.read_text(encoding="utf-8") == text(), "run: python -m refopt.conformance.diagnose.record_forms"


def test_every_rule_is_on_record() -> None:
    """A variant may have a node that SymPy does not prove: it is left out of the bound then, each time anew."""
    lines = [line.split() for line in RECORD.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert {r.name for r in catalogue.rules()} <= {name for _, name in lines} <= {r.name for r in catalogue.rules(variants=True)}
    assert all(len(made) == 32 for made, _ in lines)


def test_a_graph_with_one_sign_changed_or_one_way_more_is_not_on_record() -> None:
    forms = next(graphs(catalogue.rule("adam")))
    assert is_proved(forms)
    wanted, ways = next((c, w) for c, w in forms.nodes.items() if any(n.op == "add" for n in w))
    i = next(i for i, n in enumerate(ways) if n.op == "add")
    other = replace(ways[i], signs=tuple(-s for s in ways[i].signs))
    forms.nodes[wanted] = (*ways[:i], other, *ways[i + 1 :])
    assert not is_proved(forms)
    forms.nodes[wanted] = (*ways, other)
    assert not is_proved(forms)
    forms.nodes[wanted] = ways
    assert is_proved(forms)
    key = next(iter(forms.names.scalars))
    forms.names.scalars[f"{key} once more"] = forms.names.scalars[key]
    assert not is_proved(forms)


def test_a_rule_on_record_is_checked_without_sympy() -> None:
    code = "import sys, refopt; r = refopt.check('numpy.adam', dtypes=['float32']); print(r.verdict, 'sympy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300).stdout
    assert told.split() == ["conforms", "False"]
