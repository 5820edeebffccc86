"""The classes of torch.optim that are judged by nothing here, with the reason."""

from __future__ import annotations

from refopt.frameworks.reasons_not_judged import NotJudged, by_reason

NOT_JUDGED = {
    **by_reason(
        "torch.optim",
        {
            NotJudged.OF_A_TENSOR: ("Adafactor",),
            NotJudged.OF_MATRICES: ("Muon",),
            NotJudged.READS_THE_LOSS: ("LBFGS",),
            NotJudged.SPARSE: ("SparseAdam",),
        },
    ),
    **by_reason(
        "torch.optim.lr_scheduler",
        {NotJudged.OF_A_PERSON: ("LambdaLR", "MultiplicativeLR", "SequentialLR", "ChainedScheduler")},
    ),
}
