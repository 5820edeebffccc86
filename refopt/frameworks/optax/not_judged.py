"""The optimizers and schedules of optax and optax.contrib that are judged by nothing here, with the reason."""

from __future__ import annotations

from refopt.frameworks.reasons_not_judged import (
    ELSEWHERE,
    NOT_WRITTEN,
    OF_A_PERSON,
    OF_A_TENSOR,
    OF_MATRICES,
    RANDOM,
    READS_THE_LOSS,
    SCALES_ITSELF,
    by_reason,
)

NOT_JUDGED = {
    **by_reason("optax", {
        OF_A_TENSOR: "adafactor fromage lamb lars novograd sm3", READS_THE_LOSS: "lbfgs polyak_sgd", RANDOM: "noisy_sgd",
        ELSEWHERE: "optimistic_adam optimistic_adam_v2 optimistic_gradient_descent",
        NOT_WRITTEN: "adamaxw nadamw rprop yogi linear_onecycle_schedule piecewise_interpolate_schedule", OF_A_PERSON: "join_schedules sgdr_schedule",
    }),
    **by_reason("optax.contrib", {
        SCALES_ITSELF: "dadapt_adamw dog dowg prodigy mechanize", READS_THE_LOSS: "momo momo_adam reduce_on_plateau", RANDOM: "dpsgd sophia",
        ELSEWHERE: "sam schedule_free schedule_free_adamw schedule_free_sgd", OF_MATRICES: "galore muon",
        NOT_WRITTEN: "acprop adopt cocob madgrad",
    }),
}  # fmt: skip
