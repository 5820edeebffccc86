"""The classes of keras.optimizers that are judged by nothing here, with the reason."""

from __future__ import annotations

from refopt.frameworks.reasons_not_judged import NotJudged, by_reason

NOT_JUDGED = {
    **by_reason(
        "keras.optimizers",
        {
            NotJudged.OF_A_TENSOR: ("Adafactor", "Lamb"),
            NotJudged.OF_MATRICES: ("Muon",),
            NotJudged.OF_A_PERSON: ("LossScaleOptimizer", "MultiOptimizer", "OptimizerMap"),
        },
    ),
}
