"""The classes of torch.optim that are judged by nothing here, with the reason."""

from __future__ import annotations

from refopt.frameworks.reasons_not_judged import (
    ELSEWHERE,
    NOT_WRITTEN,
    OF_A_PERSON,
    OF_A_TENSOR,
    OF_MATRICES,
    READS_THE_LOSS,
    SPARSE,
    by_reason,
)

NOT_JUDGED = {
    **by_reason("torch.optim", {OF_A_TENSOR: "Adafactor", OF_MATRICES: "Muon", READS_THE_LOSS: "LBFGS", SPARSE: "SparseAdam", ELSEWHERE: "ASGD",
                                NOT_WRITTEN: "Rprop"}),
    **by_reason("torch.optim.lr_scheduler", {READS_THE_LOSS: "ReduceLROnPlateau",
                                             OF_A_PERSON: "LambdaLR MultiplicativeLR SequentialLR ChainedScheduler"}),
    **by_reason("torch.optim.swa_utils", {NOT_WRITTEN: "SWALR"}),
}  # fmt: skip
