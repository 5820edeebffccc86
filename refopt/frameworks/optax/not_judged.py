"""The optimizers and schedules of optax and optax.contrib that are judged by nothing here, with the reason."""

from __future__ import annotations

from refopt.frameworks.reasons_not_judged import NotJudged, by_reason

NOT_JUDGED = {
    **by_reason(
        "optax",
        {
            NotJudged.OF_A_TENSOR: ("adafactor", "fromage", "lamb", "lars", "novograd", "sm3"),
            NotJudged.READS_THE_LOSS: ("lbfgs", "polyak_sgd"),
            NotJudged.ELSEWHERE: ("optimistic_adam", "optimistic_adam_v2"),
            NotJudged.OF_A_PERSON: ("join_schedules",),
        },
    ),
    **by_reason(
        "optax.contrib",
        {
            NotJudged.SCALES_ITSELF: ("dadapt_adamw", "dog", "dowg", "prodigy", "mechanize"),
            NotJudged.READS_THE_LOSS: ("momo", "momo_adam"),
            NotJudged.RANDOM: ("dpsgd", "sophia"),
            NotJudged.ELSEWHERE: ("sam",),
            NotJudged.OF_A_PERSON: ("schedule_free",),
            NotJudged.OF_MATRICES: ("galore", "muon"),
        },
    ),
}
