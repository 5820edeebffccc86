"""The largest second moment so far: max(v_max, v) in the place of v."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.symbols import v, v_max
from refopt.catalogue.transformations.transformation import Transformation
from refopt.language.compose import put_in
from refopt.language.expression import maximum
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------------
SOURCE = Source("Reddi et al. 2018", "Algorithm 2, the maximum of the second moments", "arXiv:1904.09237")

# ---- transformation ----------------------------------------------------------------------------------------------------
def has_second_moment(rule: Rule) -> bool:
    """True where a rule keeps a second moment whose largest value can take its place."""
    return v.name in rule.state_names


def with_largest_moment(rule: Rule) -> Rule:
    """The rule with the largest second moment so far in the place of the last one, named `<rule>+amsgrad` (Reddi et al. 2018)."""
    last = max(i for i, let in enumerate(rule.steps) if let.name == v.name)
    later = put_in(rule.steps[last + 1 :], {str(v.name): v_max})
    return replace(
        rule,
        name=f"{rule.name}+amsgrad",
        title=f"{rule.title}; the largest second moment so far",
        state=(*rule.state, State(v_max, 0, "largest second moment so far")),
        steps=(*rule.steps[: last + 1], Let(v_max, maximum(v_max, v)), *later),
        used_by=(),
    )


LARGEST_MOMENT = Transformation("amsgrad", with_largest_moment, SOURCE, has_second_moment)
