"""PyTorch: names, optimizers, schedules, how its code is read on symbols, and what is measured and proved of it."""

from __future__ import annotations

from refopt.frameworks.framework import Adapter, Certificate, Framework
from refopt.frameworks.torch.not_judged import NOT_JUDGED
from refopt.lifting.library import Library

ADAPTERS = (
    Adapter("torch.optim.lr_scheduler.", "torch", "refopt.frameworks.torch.schedules", first="optimizer"),
    Adapter("torch.optim.swa_utils.", "torch", "refopt.frameworks.torch.schedules", first="optimizer"),
    Adapter("torch.", "torch", "refopt.frameworks.torch.optimizers", first="params"),
)
LIBRARY = Library(
    "torch", frozenset({"torch"}), "refopt.frameworks.torch.kept_tensors",
    frozenset({"get_default_dtype", "is_available", "get_num_threads", "is_grad_enabled", "is_inference_mode_enabled", "get_float32_matmul_precision"}),
)  # fmt: skip
SWITCHES = frozenset({"maximize", "capturable", "differentiable", "foreach", "fused"})
CERTIFICATES = (
    Certificate("torch_sgd", "torch.optim.SGD", "sgd"),
    Certificate("torch_sgd_momentum", "torch.optim.SGD(momentum=0.9)", "momentum/lr_outside"),
    Certificate("torch_sgd_nesterov", "torch.optim.SGD(momentum=0.9, nesterov=True)", "nesterov/lr_outside"),
    Certificate("torch_rmsprop", "torch.optim.RMSprop", "rmsprop"),
    Certificate("torch_adam", "torch.optim.Adam", "adam"),
    Certificate("torch_adam_amsgrad", "torch.optim.Adam(amsgrad=True)", "amsgrad"),
    Certificate("torch_adamw", "torch.optim.AdamW", "adamw"),
    Certificate("torch_cosine_annealing", "torch.optim.lr_scheduler.CosineAnnealingLR", "cosine_annealing/periodic"),
)
FRAMEWORK = Framework(
    "torch", ADAPTERS, adopts="refopt.frameworks.torch.own_class", library=LIBRARY,
    switches=SWITCHES, measured="refopt.frameworks.torch.measured", certificates=CERTIFICATES, not_judged=NOT_JUDGED,
)  # fmt: skip
