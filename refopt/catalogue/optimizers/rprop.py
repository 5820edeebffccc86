"""Rprop without weight backtracking, iRprop-: each element has a step of its own, which grows while its gradient keeps its sign and shrinks where it
changes. p <- g*g_before; update_value <- min(update_value*eta_plus, step_max) where p > 0, max(update_value*eta_minus, step_min) where p < 0;
g_before <- 0 where p < 0, g elsewhere; theta <- theta - update_value*sign(g_before). The size of a gradient is not seen; lr is where update_value
starts from, and a schedule of it changes nothing."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.language.expression import Expression, g, maximum, minimum, scalar, sign, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
COMPARED = "doi:10.1016/S0925-2312(01)00700-7"
SOURCE = (Source("Igel & Huesken 2003", "iRprop-, every Delta_0 is lr", COMPARED),)
KEPT = (Source("Igel & Huesken 2003", "Rprop-, Riedmiller's of 1994", COMPARED),)
TAKEN_BACK = (Source("Riedmiller & Braun 1993", "Rprop, every Delta_0 is lr", "doi:10.1109/ICNN.1993.298623"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
eta_minus, eta_plus = scalar("eta_minus", r"\eta^-", sign="positive"), scalar("eta_plus", r"\eta^+", sign="positive")
step_min, step_max = scalar("step_min", r"\Delta_{\min}", sign="nonnegative"), scalar("step_max", r"\Delta_{\max}", sign="positive")
HYPER = (
    replace(LR, meaning="the step that every element starts from"),
    Hyper(eta_minus, "0.5", (eta_minus > 0, eta_minus < 1), Role.FACTOR, "what a step is multiplied by where the gradient changes its sign",
          "the step would not shrink", Samples("0.5", "0.25", None, "1.5", ("0.8",))),
    Hyper(eta_plus, "1.2", eta_plus > 1, Role.FACTOR, "what a step is multiplied by where the gradient keeps its sign", "the step would not grow",
          Samples("1.25", "1.5", None, "0.5", ("1.1", "1.5"))),
    Hyper(step_min, "0.000001", step_min >= 0, Role.THRESHOLD, "the least step that a change of sign leaves", "a step is a length",
          Samples("0.000244140625", "0.0078125", None, "-1", ("0", "0.0001"))),
    Hyper(step_max, "50", step_max > 0, Role.THRESHOLD, "the largest step that the same sign gives", "a step is a length",
          Samples("0.00390625", "0.0625", None, "-1", ("1", "10"))),
)  # fmt: skip

# ---- state -------------------------------------------------------------------------------------------------------
update_value, g_before = tensor("update_value", r"\Delta", sign="nonnegative"), tensor("g_before", "g_{t-1}")
UPDATE_VALUE = State(update_value, lr, "size of the step of each element")
STATE = (UPDATE_VALUE, State(g_before, 0, "gradient of the update before, 0 where its sign had changed"))

# ---- steps -------------------------------------------------------------------------------------------------------
p = tensor("p")
PRODUCT, GROWN, SHRUNK = Let(p, g * g_before), update_value * eta_plus, update_value * eta_minus
RESIZED = Let(update_value, where(p > 0, minimum(GROWN, step_max), where(p < 0, maximum(SHRUNK, step_min), update_value)))
RESET = Let(g_before, where(p < 0, 0, g))
MOVED = Let(theta, theta - update_value * sign(g_before))
STEPS = (PRODUCT, RESIZED, RESET, MOVED)

RPROP = Rule(
    "rprop", "a step for each element by the signs of its gradients, no backtracking (iRprop-)",
    SOURCE, HYPER, STATE, STEPS,
    notes=(
        "the step after a change of sign is not taken: the paper sets the gradient to 0, some code only shrinks the step | "
        "others met it: pytorch/pytorch#70418, libfann/fann#85",
    ),
)  # fmt: skip


# ---- variants ----------------------------------------------------------------------------------------------------
def _held(size: Expression) -> Expression:
    return minimum(step_max, maximum(step_min, size))


CLAMPED = Rule(
    "rprop/clamped", "Rprop whose step is held between its limits at every update",
    SOURCE, HYPER, STATE,
    (
        PRODUCT,
        Let(update_value, _held(where(p > 0, GROWN, where(p < 0, SHRUNK, update_value)))),
        RESET,
        MOVED,
    ),
    differs="both limits hold wherever a step is made, the first one too", used_by=("torch",),
    notes=("it differs where lr is not between step_min and step_max | others met it: pytorch/pytorch#63866",),
)  # fmt: skip
pending = tensor("pending", "u")
LATE = Rule(
    "rprop/late", "Rprop that takes each step one update late",
    SOURCE, HYPER, (UPDATE_VALUE, State(pending, 0, "step of the next update, with its sign")),
    (
        Let(p, g * pending),
        Let(update_value, where(p > 0, _held(GROWN), where(p < 0, _held(SHRUNK), update_value))),
        Let(theta, theta - where(p < 0, 0, pending), "the step of the update before"),
        Let(pending, where(p < 0, 0, update_value * sign(g))),
    ),
    differs="each step is taken one update late, and both limits hold", used_by=("optax",),
    notes=(
        "the first update moves nothing, and a step is never taken where the sign has changed by the next; "
        "both limits hold where a step is resized | others met it: google-deepmind/optax#1725",
    ),
)  # fmt: skip
MINUS = Rule(
    "rprop/minus", "Rprop without backtracking that goes on with the new sign at once (Rprop-)",
    KEPT, HYPER, (UPDATE_VALUE, State(g_before, 0, "gradient of the update before")),
    (PRODUCT, RESIZED, Let(g_before, g), MOVED),
    differs="the gradient whose sign has changed is used and kept",
)  # fmt: skip
last_change = tensor("last_change", r"\Delta\theta")
PLUS = Rule(
    "rprop/plus", "Rprop with weight backtracking (Rprop+)",
    TAKEN_BACK, HYPER, (*STATE, State(last_change, 0, "change of the parameter by the update before")),
    (
        PRODUCT,
        RESIZED,
        RESET,
        Let(last_change, where(p < 0, -last_change, -(update_value * sign(g)))),
        Let(theta, theta + last_change),
    ),
    differs="where the sign has changed, the step before is taken back",
    notes=("iRprop+ takes it back only where the loss has risen: a rule that reads the loss",),
)  # fmt: skip
VARIANTS = (CLAMPED, LATE, MINUS, PLUS)
