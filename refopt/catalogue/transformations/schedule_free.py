"""Schedule-free: the rule's step moves z, x averages z, and the gradient is taken at theta between the two; x is what is used at last."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.schedule_free_sgd import DEFAZIO, SCHEDULE_FREE_SGD, z
from refopt.catalogue.transformations.transformation import Transformation, has_rate
from refopt.errors import RefoptError
from refopt.language.compose import learning_rate, put_in, renamed, step_of_theta, with_steps
from refopt.language.expression import Expression, operation, theta
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------------
SOURCE = Source("Defazio et al. 2024", "equations (2) to (4) on the step of any rule, weighted by the squared rate as in Algorithm 1", DEFAZIO)

# ---- hyperparameters ---------------------------------------------------------------------------------------------------
OF_DESCENT = renamed(SCHEDULE_FREE_SGD, {"beta1": "interpolation", "c": "average_share"})
"""Schedule-free gradient descent in names that the rules of Adam's family leave free."""
HYPER = OF_DESCENT.hyper[1:]

# ---- transformation ----------------------------------------------------------------------------------------------------
STEPPED = next(i for i, let in enumerate(OF_DESCENT.steps) if let.name == str(z.name))
HELP = "schedule_free needs a rule that ends with theta - step, and names that it does not use"


def schedule_free(rule: Rule) -> Rule:
    """The rule whose step moves z, with x the average of z and the gradient taken between them (Defazio et al. 2024); a decay is that of theta.

    Raises RefoptError where what the rule does to theta is not written as something added to it or taken off, or where a name has two meanings.
    """
    rate = learning_rate(rule, "schedule_free").symbol
    at = step_of_theta(rule, "schedule_free", HELP)
    moved, later = _from_z(rule.steps[at].value), rule.steps[at + 1 :]
    if moved is None or rule.output is not None or any(str(theta.name) in let.value.symbol_names for let in later):
        raise RefoptError(f"{rule.name}: its step cannot be taken from another point than theta", help=HELP)
    own = (*OF_DESCENT.hyper_names[1:], *OF_DESCENT.state_names, *(let.name for let in OF_DESCENT.steps[:-1]))
    used = {*rule.hyper_names, *rule.state_names, *(let.name for let in rule.steps)}
    if twice := sorted(used & set(own)):
        raise RefoptError(f"{rule.name}: {', '.join(twice)} has two meanings in schedule_free({rule.name})", help=HELP)
    first, last = (put_in(part, {"lr": rate}) for part in (OF_DESCENT.steps[:STEPPED], OF_DESCENT.steps[STEPPED + 1 :]))
    steps = (*first, *rule.steps[:at], Let(z, moved, rule.steps[at].comment), *later, *last)
    hyper, state = (*rule.hyper, *HYPER), (*OF_DESCENT.state, *rule.state)
    made = with_steps(rule, "schedule_free", "its step from z, the gradient between z and its average x", steps, SOURCE, hyper=hyper, state=state)
    return replace(made, output=OF_DESCENT.output)


def _from_z(value: Expression) -> Expression | None:
    """A new theta with z in the place of the theta that the step starts from; None where it starts from no theta alone."""
    if value.op == "symbol":
        return z if value.name == theta.name else None
    if value.op not in ("add", "sub"):
        return None
    start = _from_z(value.args[0])
    return None if start is None else operation(value.op, start, value.args[1])


SCHEDULE_FREE = Transformation("schedule_free", schedule_free, SOURCE, has_rate)
