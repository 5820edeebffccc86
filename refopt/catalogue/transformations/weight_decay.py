"""Weight decay: decoupled, theta <- theta - lr*weight_decay*theta beside the step; or coupled, g + weight_decay*theta in the place of g."""

from __future__ import annotations

from functools import partial

from refopt.catalogue.symbols import weight_decay
from refopt.catalogue.transformations.transformation import Transformation, has_rate
from refopt.language.compose import learning_rate, put_in, step_of_theta, with_steps
from refopt.language.expression import g, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------------
SOURCE = Source("Loshchilov & Hutter 2019", "Algorithm 2, both of its decays", "arXiv:1711.05101")

# ---- hyperparameters ---------------------------------------------------------------------------------------------------
WHY = "a negative decay would let the weights grow"
HYPER = (Hyper(weight_decay, "0.01", weight_decay >= 0, Role.WEIGHT_DECAY, "decay of the weights", WHY),)

# ---- transformation ----------------------------------------------------------------------------------------------------
g_decayed = tensor("g_decayed", r"\tilde g")


def with_weight_decay(rule: Rule, decoupled: bool = True) -> Rule:
    """The rule with weight decay.

    decoupled  theta <- theta - lr*weight_decay*theta, apart from the gradient's step (Loshchilov & Hutter 2019)
    coupled    g + weight_decay*theta takes the place of g (L2 regularization)
    """
    lr = learning_rate(rule, "weight decay").symbol
    hyper = (*rule.hyper, *HYPER)
    if not decoupled:
        first = Let(g_decayed, g + weight_decay * theta, "gradient of the loss and the penalty")
        steps = put_in(rule.steps, {"g": g_decayed})
        return with_steps(rule, "l2", "coupled weight decay (L2)", (first, *steps), hyper=hyper)
    at = step_of_theta(rule, "decoupled weight decay", "write the decay into the rule's steps, or use decoupled=False")
    step = rule.steps[at]
    (moved,) = put_in([step], {"theta": theta - lr * weight_decay * theta})
    return with_steps(rule, "decay", "decoupled weight decay", (*rule.steps[:at], moved, *rule.steps[at + 1 :]), hyper=hyper)


DECOUPLED = Transformation("decay", with_weight_decay, SOURCE, has_rate)
COUPLED = Transformation("l2", partial(with_weight_decay, decoupled=False), SOURCE, has_rate)
