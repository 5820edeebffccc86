"""Surviving mutants: for each, one specific reason why no case sees it in some format."""

from __future__ import annotations

from collections.abc import Mapping

from refopt.golden.few_bits import DTYPES, FEW_BITS

UNSEEN: dict[tuple[str, str], str] = {
    ("rmsprop/centered", "theta: v - m^2 -> v"): (
        "bfloat16 has 8 bits. The larger m^2 is beside v, the more the edit changes a step, and the more digits v - m^2 cancels: "
        "equal gradients, theta = 0 and eps = 0 give 2.2, 2.9, 2.8, 2.9, 2.5 and 1.8 bounds at best for rho = 1/4, 3/8, 1/2, 5/8, 3/4 and 7/8"
    ),
}
"""By rule or schedule and edit, in the notation of golden files."""

_UP, _DOWN = "pct_start*total_steps", "2*pct_start*total_steps - 2"
_AT_THE_POINT = {
    "one_cycle": (f"{_UP} - 1", _DOWN),
    "one_cycle/cosine": (f"{_UP} - 1",),
    "one_cycle/two_lines": (f"{_UP} - 1",),
    "one_cycle/cosines": (_DOWN,),
}
UNSEEN |= {
    (name, f"rate: k < {point} -> k <= {point}"): f"the same function: the stretches before and after k = {point} have the same value there"
    for name, points in _AT_THE_POINT.items()
    for point in points
}
UNSEEN |= {
    ("one_cycle/whole", "rate: total_steps -> total_steps + 1"): (
        "the same function: the way up is counted with one step more at most, the peak, and there both ways have the highest rate"
    ),
}
_BACK = "pct_final*total_steps"
UNSEEN |= {
    ("linear_one_cycle", f"rate: {edit}"): f"the same function: {when}, where the way down and the way on have the first rate both"
    for edit, when in (
        (f"k < floor({_BACK}) -> k <= floor({_BACK})", "the step at which the way down ends is counted to it"),
        (f"k < floor({_BACK}) -> k < floor({_BACK}) + 1", "the way down has one step more, its end"),
        ("k -> k - 1", "the step before is compared: the way down has its end, too"),
        (f"floor({_BACK}) -> {_BACK}", "less than a step more is counted to the way down: its end at most"),
        (f"floor({_BACK}) -> -floor(-{_BACK})", "rounded up the way down has one step more at most, its end"),
        (f"floor({_BACK}) -> floor({_BACK} + 0.5)", "rounded to the nearest the way down has one step more at most, its end"),
        ("total_steps -> total_steps + 1", "of one step more a share below 1 is one step at most, the end of the way down or up"),
    )
}
UNSEEN |= {
    (name, "rate: k -> k - 1"): f"the same function: only the end of a cycle is taken for a point of the one before, where {height} is 0 as well"
    for name, height in (("cyclic", "the height"), ("cyclic/triangular2", "the height that is halved"), ("cyclic/exp_range", "the height that has fallen"))
}
UNSEEN |= {
    (name, f"r: rho_t {sign} {limit} -> rho_t {sign} {limit} - 1"): f"the same function: where rho_t is at most {limit}, the step is momentum's and takes no r"
    for name, sign, limit in (("radam", ">", 5), ("radam/eps_on_v_hat", ">=", 5), ("radam/threshold_4", ">", 4))
}
UNSEEN |= {
    (name, f"{variable}: rho_t {sign} {limit} -> rho_t {other} {limit}"): (
        f"{variable} is another at rho_t = {limit} alone, and there the rounding of rho_t decides in every correct program: no bound is given"
    )
    for name, sign, other, limit in (("radam", ">", ">=", 5), ("radam/eps_on_v_hat", ">=", ">", 5), ("radam/threshold_4", ">", ">=", 4))
    for variable in ("r", "theta")
}
UNSEEN |= {
    (name, "v: (1 - beta2)*sign(v - g^2) -> (1 - beta2) / sign(v - g^2)"): (
        "the same function: a sign that is not 0 is its own inverse; where v is g^2 exactly the edit divides by 0 and has no value to compare"
    )
    for name in ("yogi", "yogi/m0")
}
UNSEEN |= {
    (name, "c: 0 -> 1"): "the same function: while the sum of the weights is 0 nothing has moved, and x is z"
    for name in ("schedule_free_sgd", "schedule_free_sgd/max_rate", "schedule_free_adamw", "schedule_free_adamw/max_rate", "schedule_free_adamw/decay_of_theta")
}


def reason(name: str, edit: str, gap: Mapping[str, str]) -> str:
    """Reason why no case sees an edit in some formats; empty where nobody has found out. `gap`: by format, how many bounds it comes to."""
    if edit in FEW_BITS.get(name, ()) and gap.keys() <= DTYPES:
        most = ", ".join(f"{x} in {d}" for d, x in gap.items())
        return f"{edit.partition(': ')[2]} moves the step by less than rounding may: the cases and the draws tried come to {most} bounds at best"
    return UNSEEN.get((name, edit), "")
