"""Training code that is moved: the call that is printed does what the source does, and both are run to see it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from refopt.conformance.protocol.implementation import Ran, Rates, Request
from refopt.frameworks import load
from refopt.frameworks.installed import is_installed
from refopt.frameworks.keras.backend import backend_here
from refopt.report.call import Call, number
from refopt.report.schedule_translation import SchedulePort, schedule_translation
from refopt.report.translation import Fit, Translation, translation
from refopt.rounding.formats import FLOAT64
from tests.cli.running import refopt

UPDATES = 6
ROUNDED, RATE_IN_FLOAT32 = 1e-12, 2.0**-23
"""What rounding does to a few steps in float64; keras keeps its learning rate in float32 whatever the parameters are."""


def needs(*packages: str) -> None:
    """Skip where one of these is not here."""
    for package in packages:
        if not is_installed(package) or (package == "keras" and not backend_here()):
            pytest.skip(f"{package} is not installed")


def thetas(name: str, rate: float | None = None) -> np.ndarray:
    """theta after each update of a run with its own settings, float64; `rate` for an optimizer that has none."""
    made = load(name)
    draw = np.random.default_rng(12)
    theta0, grads = draw.normal(size=5), draw.normal(size=(UPDATES, 5)) * 10.0 ** draw.integers(-4, 1, size=(UPDATES, 5))
    hyper = {} if rate is None else {"lr": rate}
    answer = made.run(Request(made.rule, (), FLOAT64, hyper, None, (theta0,), None, 1, tuple((g,) for g in grads)))  # type: ignore[union-attr]
    assert isinstance(answer, Ran), answer
    return np.array([s.theta[0] - theta0 for s in answer.after])


def far(a: np.ndarray, b: np.ndarray) -> float:
    """The largest difference, in units of the way that theta went."""
    return float(np.max(np.abs(a - b)) / np.max(np.abs(a)))


EXACT = [
    ("keras.optimizers.SGD(loss_scale_factor=8.0)", "torch.optim.SGD", "torch.optim.SGD(params, lr=0.00125)"),
    ("torch.optim.RMSprop", "optax.rmsprop", "optax.rmsprop(learning_rate=0.01, decay=0.99, eps=1e-8, eps_in_sqrt=False)"),
    ("torch.optim.Adam(lr=0.01, betas=(0.8, 0.99))", "optax.adam", "optax.adam(learning_rate=0.01, b1=0.8, b2=0.99, eps=1e-8)"),
    ("torch.optim.Adam", "torch.optim.AdamW", "torch.optim.AdamW(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)"),
]


@pytest.mark.parametrize(("first", "second", "text"), EXACT, ids=[f"{a}-{b}" for a, b, _ in EXACT])
def test_an_exact_call_takes_the_same_steps(first: str, second: str, text: str) -> None:
    needs(first.partition(".")[0], second.partition(".")[0])
    found = translation(first, second)
    assert (found.port.fit, found.port.call.text, found.exit) == (Fit.EXACT, text, 0)
    assert far(thetas(first), thetas(found.port.call.spelling)) < (RATE_IN_FLOAT32 if "keras" in first + second else ROUNDED)


def test_the_substitution_the_other_way_round_would_be_seen() -> None:
    needs("keras", "torch")
    first = "keras.optimizers.SGD(loss_scale_factor=8.0)"
    assert far(thetas(first), thetas("torch.optim.SGD(lr=0.08)")) > 1


def test_what_holds_at_a_constant_rate_only_says_so() -> None:
    needs("torch", "keras")
    found = translation("torch.optim.SGD(momentum=0.9, lr=0.1)", "keras.optimizers.SGD")
    assert (found.port.fit, found.exit) == (Fit.AT_CONSTANT_RATE, 1)
    assert found.port.call.text == "keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)"
    assert far(thetas("torch.optim.SGD(momentum=0.9, lr=0.1)"), thetas(found.port.call.spelling)) < RATE_IN_FLOAT32


def nearest() -> Translation:
    """keras' eps stands before the correction, torch's after it: no fixed one is the same."""
    needs("torch", "keras")
    return translation("keras.optimizers.Adam", "torch.optim.Adam")


def test_the_nearest_call_says_how_far_off_it_is_at_its_worst_and_where() -> None:
    found = nearest()
    assert found.port.call.text == "torch.optim.Adam(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-7)"
    assert (found.port.fit, found.exit) == (Fit.NEAREST, 1) and found.port.worst is not None
    assert (found.port.worst.t, found.port.worst.gradient) == (1, "1e-6")
    # one step from the start with gradient g: lr*g/(g + eps) there, lr*g/(g + eps/sqrt(1 - beta2)) here
    # 1 - 0.999 keeps 2^-53 of 0.999, which is 1000 times as much of the difference; the other eight operations keep 2^-53 each
    g, eps, root = 1e-6, 1e-7, (1 - 0.999) ** 0.5
    assert float(found.port.worst.size) == pytest.approx((g + eps / root) / (g + eps) - 1, rel=(1000 + 8) * 2.0**-53, abs=0)
    assert "epsilon / sqrt(1 - beta_2^t)" in found.port.replaced["eps"]


def test_another_class_is_proposed_where_it_is_exact_without_a_switch() -> None:
    needs("torch", "optax")
    found = translation("optax.adamw", "torch.optim.Adam")
    assert found.other is not None and found.other.fit is Fit.EXACT
    assert found.other.call.text == "torch.optim.AdamW(params, lr=learning_rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-4)"
    spelled = Call(found.other.call.path, {**found.other.call.arguments, "lr": 0.01}).spelling
    assert far(thetas("optax.adamw", 0.01), thetas(spelled)) < ROUNDED


FEW = 2 * (30 + 3 * 8)
"""Half last places between the rates of two frameworks at 30 steps: a rate is at most 30 products, or a cosine of eight operations, where 1 + cos
keeps a third of what it adds."""
SCHEDULES = [
    ("torch.optim.lr_scheduler.StepLR(step_size=7, gamma=0.5)", "optax.exponential_decay",
     "optax.exponential_decay(staircase=True, init_value=lr, transition_steps=7, decay_rate=0.5)"),
    ("optax.exponential_decay(init_value=0.1, transition_steps=7, decay_rate=0.5, staircase=True)", "torch.optim.lr_scheduler.StepLR",
     "torch.optim.lr_scheduler.StepLR(optimizer, gamma=0.5, step_size=7)"),
    ("optax.cosine_decay_schedule(init_value=0.1, decay_steps=40, alpha=0.01)", "keras.optimizers.schedules.CosineDecay",
     "keras.optimizers.schedules.CosineDecay(initial_learning_rate=0.1, decay_steps=40, alpha=0.01)"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "text"), SCHEDULES, ids=[f"{a}-{b}" for a, b, _ in SCHEDULES])
def test_an_exact_schedule_has_the_same_rates(first: str, second: str, text: str) -> None:
    needs(first.partition(".")[0], second.partition(".")[0])
    found = schedule_translation(first, second)
    assert (found.call.text, found.worst, found.exit) == (text, None, 0)
    half = 2.0**-24 if second.startswith("keras") else 2.0**-53  # a half last place; keras asked by itself answers in binary32
    assert np.allclose(rates(first), rates_of(found), rtol=FEW * half, atol=0)


def rates(name: str) -> tuple[float, ...]:
    """The first rates of a schedule with its own arguments, from 0.1."""
    answer = load(name).rates({"lr": 0.1} if name.startswith("torch") else {}, range(30))  # type: ignore[union-attr]
    if not isinstance(answer, Rates):
        made = load(name)
        with made.scope():  # type: ignore[union-attr]
            schedule = made.factory(**made.arguments)  # type: ignore[union-attr]
            return tuple(float(schedule(k)) for k in range(30))
    return answer.values


def rates_of(port: SchedulePort) -> tuple[float, ...]:
    """The first rates of the call, where it finds the first one in its optimizer from 0.1."""
    if port.optimizer:
        return rates(Call(port.call.path, port.call.arguments).spelling)
    made = load(port.call.path)
    with made.scope():  # type: ignore[union-attr]
        schedule = made.factory(**{n: 0.1 if x == "lr" else float(x) if isinstance(x, Fraction) else x for n, x in port.call.arguments.items()})  # type: ignore[union-attr]
        return tuple(float(schedule(k)) for k in range(30))


def test_a_schedule_that_goes_on_otherwise_after_its_end_says_until_when_it_is_the_same() -> None:
    needs("torch", "optax")
    found = schedule_translation("optax.cosine_decay_schedule(init_value=0.1, decay_steps=20)", "torch.optim.lr_scheduler.CosineAnnealingLR")
    assert (found.until, found.exit, found.optimizer) == (20, 1, "lr=0.1")
    assert found.call.text == "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)"


def test_an_optimizer_and_its_schedule_are_moved_together(capsys: pytest.CaptureFixture[str]) -> None:
    needs("torch", "optax")
    ran = refopt(capsys, "translate", "torch.optim.Adam(lr=0.01) + torch.optim.lr_scheduler.StepLR(step_size=7)", "optax.adam + optax.exponential_decay")
    together = " ".join(ran.out.partition("Together:")[2].split())
    assert ran.code == 0, ran
    inside = "optax.exponential_decay(staircase=True, init_value=0.01, transition_steps=7, decay_rate=0.1)"
    assert together.startswith(f"optax.adam(learning_rate={inside}, b1=0.9, b2=0.999, eps=1e-8)")


@pytest.mark.parametrize(
    ("x", "text"),
    [("0.001", "1e-3"), ("0.00125", "0.00125"), ("0.9", "0.9"), ("1e-7", "1e-7"), ("0", "0.0"), ("100", "100"), ("-0.001", "-1e-3"), ("1/8", "0.125")],
)
def test_a_number_is_written_in_the_shorter_way(x: str, text: str) -> None:
    assert number(Fraction(x)) == text
    assert float(text) == float(Fraction(x))
