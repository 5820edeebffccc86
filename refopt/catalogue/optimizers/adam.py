"""Adam: m <- beta1*m + (1 - beta1)*g; v <- beta2*v + (1 - beta2)*g^2; m_hat <- m/(1 - beta1^t); v_hat <- v/(1 - beta2^t);
theta <- theta - lr*m_hat/(sqrt(v_hat) + eps)."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, g_l2, lr, m, m_hat, v, v_hat, weight_decay
from refopt.language.expression import g, sqrt, t, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Kingma & Ba 2015", "Algorithm 1", "arXiv:1412.6980"),)
SECTION_2 = (Source("Kingma & Ba 2015", "end of section 2", "arXiv:1412.6980"),)
DECOUPLED = (Source("Loshchilov & Hutter 2019", "Algorithm 2, the L2 line", "arXiv:1711.05101"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
WHY_BETA = "1 - {0}^t would be 0 and adam would divide by it"
BETA1 = Hyper(beta1, "0.9", (beta1 >= 0, beta1 < 1), Role.DECAY, "decay of the first moment", WHY_BETA.format("beta1"))
BETA2 = Hyper(beta2, "0.999", (beta2 >= 0, beta2 < 1), Role.DECAY, "decay of the second moment", WHY_BETA.format("beta2"))
WEIGHT_DECAY = Hyper(weight_decay, "0.01", weight_decay >= 0, Role.WEIGHT_DECAY, "decay of the weights", "a negative decay would let the weights grow")
HYPER = (LR_ADAPTIVE, BETA1, BETA2, EPS)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(m, 0, "first moment"), State(v, 0, "second raw moment"))

# ---- steps -------------------------------------------------------------------------------------------------------
MOMENTS = (
    Let(m, beta1 * m + (1 - beta1) * g),
    Let(v, beta2 * v + (1 - beta2) * g**2),
)
CORRECTIONS = (
    Let(m_hat, m / (1 - beta1**t), "t counts updates from 1"),
    Let(v_hat, v / (1 - beta2**t)),
)
STEPS = (*MOMENTS, *CORRECTIONS, Let(theta, theta - lr * m_hat / (sqrt(v_hat) + eps)))

ADAM = Rule(
    "adam", "bias-corrected moments, epsilon outside the root",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("torch", "optax"),
    notes=("one step is at most 7.2703 lr, whatever the gradients | refopt derive adam_step",
           "scaling all gradients changes nothing (eps = 0) | refopt derive rescaling"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
EPS_HAT = Rule(
    "adam/eps_hat", "Adam with epsilon added before the bias correction",
    SECTION_2, HYPER, STATE,
    (*MOMENTS, Let(theta, theta - lr * sqrt(1 - beta2**t) / (1 - beta1**t) * m / (sqrt(v) + eps))),
    differs="eps before the bias correction", used_by=("keras", "sklearn"),
    notes=("others met it: keras-team/keras#17391", "others met it: tensorflow/tensorflow#35102",
           "others met it: pytorch/pytorch#2060", "others met it: pytorch/pytorch#41477",
           "others met it: facebookresearch/higher#71", "others met it: onnx/onnx#3803"),
)  # fmt: skip
EPS_IN_SQRT = Rule(
    "adam/eps_in_sqrt", "Adam with epsilon under the root",
    SOURCE, HYPER, STATE,
    (*MOMENTS, *CORRECTIONS, Let(theta, theta - lr * m_hat / sqrt(v_hat + eps))),
    differs="eps under the root",
    notes=("others met it: FluxML/Flux.jl#448", "others met it: CyberZHG/keras-radam#29"),
)  # fmt: skip
UNCORRECTED = Rule(
    "adam/uncorrected", "Adam without bias correction",
    SOURCE, HYPER, STATE,
    (*MOMENTS, Let(theta, theta - lr * m / (sqrt(v) + eps))),
    differs="no bias correction",
    notes=("others met it: google-research/bert#153", "others met it: ml-explore/mlx#1640"),
)  # fmt: skip
L2 = Rule(
    "adam/l2", "Adam on the gradient of the loss with an L2 penalty",
    DECOUPLED, (*HYPER, WEIGHT_DECAY), STATE,
    (
        Let(g_l2, g + weight_decay * theta),
        Let(m, beta1 * m + (1 - beta1) * g_l2),
        Let(v, beta2 * v + (1 - beta2) * g_l2**2),
        *CORRECTIONS,
        Let(theta, theta - lr * m_hat / (sqrt(v_hat) + eps)),
    ),
    differs="weight_decay*theta added to g", used_by=("torch, weight_decay=",),
    notes=("others met it: pytorch/pytorch#48793",),
)  # fmt: skip
VARIANTS = (EPS_HAT, EPS_IN_SQRT, UNCORRECTED, L2)


def why(hyper: tuple[Hyper, ...], name: str) -> tuple[Hyper, ...]:
    """The same hyperparameters for another rule of Adam's family: what breaks outside their domain names that rule."""
    return tuple(replace(h, why=h.why.replace("adam would", f"{name} would")) for h in hyper)
