"""The classes of keras.optimizers that are judged by nothing here, with the reason."""

from __future__ import annotations

from refopt.frameworks.reasons_not_judged import NOT_WRITTEN, OF_A_PERSON, OF_A_TENSOR, OF_MATRICES, by_reason

NOT_JUDGED = {
    **by_reason("keras.optimizers", {OF_A_TENSOR: "Adafactor Lamb", OF_MATRICES: "Muon", OF_A_PERSON: "LossScaleOptimizer MultiOptimizer OptimizerMap",
                                     NOT_WRITTEN: "Ftrl ScheduleFreeAdamW"}),
    **by_reason("keras.optimizers.schedules", {NOT_WRITTEN: "CosineDecayRestarts"}),
}  # fmt: skip
