"""One edit in a copy of torch's or optax's own optimizer function, made here: refuted with a witness; the untouched source is proved."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from typing import Any

import pytest

from refopt.proving.answer import Differs, Equal
from refopt.proving.prove import loaded_from, prove
from tests.proving.replayed import shows

ADAM = ("torch.optim.adam", "_single_tensor_adam")
SGD = ("torch.optim.sgd", "_single_tensor_sgd")
RMSPROP = ("torch.optim.rmsprop", "_single_tensor_rmsprop")
OPTAX_ADAM = ("optax._src.transform", "scale_by_adam")
OPTAX_RMS = ("optax._src.transform", "scale_by_rms")
OPTAX_AMSGRAD = ("optax._src.transform", "scale_by_amsgrad")


@dataclass(frozen=True)
class Bug:
    """An edit of one function: what is replaced, once, by what; and the implementation and rule that it breaks."""

    function: tuple[str, str]
    old: str
    new: str
    implementation: str
    rule: str

    def __str__(self) -> str:
        return f"{self.implementation}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"


MOMENTUM, NESTEROV = "torch.optim.SGD(momentum=0.9)", "torch.optim.SGD(momentum=0.9, nesterov=True)"
BUGS = [
    Bug(ADAM, "exp_avg.lerp_(grad, 1 - device_beta1)", "exp_avg.lerp_(grad, device_beta1)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "exp_avg.lerp_(grad, 1 - device_beta1)", "exp_avg.lerp_(grad, 1 - beta2)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "exp_avg.lerp_(grad, 1 - device_beta1)", "exp_avg.mul_(device_beta1).add_(grad)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "addcmul_(grad, grad, value=1 - beta2)  #", "addcmul_(grad, exp_avg, value=1 - beta2)  #", "torch.optim.Adam", "adam"),
    Bug(ADAM, "exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)  #",
        "exp_avg_sq.mul_(beta1).addcmul_(grad, grad, value=1 - beta2)  #", "torch.optim.Adam", "adam"),
    Bug(ADAM, "exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)  #",
        "exp_avg_sq.mul_(beta2).addcmul_(grad, grad)  #", "torch.optim.Adam", "adam"),
    Bug(ADAM, "bias_correction1 = 1 - beta1**step\n            bias_correction2", "bias_correction1 = 1 - beta1\n            bias_correction2",
        "torch.optim.Adam", "adam"),
    Bug(ADAM, "bias_correction2 = 1 - beta2**step\n\n            step_size = lr / bias_correction1\n\n            bias_correction2_sqrt",
        "bias_correction2 = 1 - beta1**step\n\n            step_size = lr / bias_correction1\n\n            bias_correction2_sqrt",
        "torch.optim.Adam", "adam"),
    Bug(ADAM, "bias_correction2_sqrt = bias_correction2**0.5", "bias_correction2_sqrt = bias_correction2", "torch.optim.Adam", "adam"),
    Bug(ADAM, "denom = (exp_avg_sq.sqrt() / bias_correction2_sqrt).add_(eps)",
        "denom = exp_avg_sq.sqrt().add_(eps) / bias_correction2_sqrt", "torch.optim.Adam", "adam"),
    Bug(ADAM, "denom = (exp_avg_sq.sqrt() / bias_correction2_sqrt).add_(eps)",
        "denom = (exp_avg_sq.add(eps).sqrt() / bias_correction2_sqrt)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "denom = (exp_avg_sq.sqrt() / bias_correction2_sqrt).add_(eps)",
        "denom = (exp_avg_sq.sqrt() / bias_correction2_sqrt)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "param.addcdiv_(exp_avg, denom, value=-step_size)", "param.addcdiv_(exp_avg, denom, value=step_size)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "param.addcdiv_(exp_avg, denom, value=-step_size)", "param.addcdiv_(grad, denom, value=-step_size)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "param.addcdiv_(exp_avg, denom, value=-step_size)", "param.addcdiv_(exp_avg, denom, value=-lr)", "torch.optim.Adam", "adam"),
    Bug(ADAM, "step_t += 1", "step_t += 2", "torch.optim.Adam", "adam"),
    Bug(ADAM, "param.mul_(1 - lr * weight_decay)", "param.mul_(1 - weight_decay)", "torch.optim.AdamW", "adamw"),
    Bug(ADAM, "param.mul_(1 - lr * weight_decay)", "param.mul_(1 + lr * weight_decay)", "torch.optim.AdamW", "adamw"),
    Bug(ADAM, "if decoupled_weight_decay:", "if not decoupled_weight_decay:", "torch.optim.AdamW", "adamw"),
    Bug(ADAM, "torch.maximum(max_exp_avg_sqs[i], exp_avg_sq, out=max_exp_avg_sqs[i])",
        "torch.minimum(max_exp_avg_sqs[i], exp_avg_sq, out=max_exp_avg_sqs[i])", "torch.optim.Adam(amsgrad=True)", "amsgrad"),
    Bug(ADAM, "denom = (max_exp_avg_sqs[i].sqrt() / bias_correction2_sqrt).add_(eps)",
        "denom = (exp_avg_sq.sqrt() / bias_correction2_sqrt).add_(eps)", "torch.optim.Adam(amsgrad=True)", "amsgrad"),
    Bug(SGD, "buf = grad.detach().clone()", "buf = torch.zeros_like(grad)", MOMENTUM, "momentum/lr_outside"),
    Bug(SGD, "buf.mul_(momentum).add_(grad, alpha=1 - dampening)", "buf.mul_(momentum).add_(grad, alpha=1 - momentum)", MOMENTUM, "momentum/lr_outside"),
    Bug(SGD, "buf.mul_(momentum).add_(grad, alpha=1 - dampening)", "buf.add_(grad, alpha=1 - dampening).mul_(momentum)", MOMENTUM, "momentum/lr_outside"),
    Bug(SGD, "grad = grad.add(buf, alpha=momentum)", "grad = grad.add(buf)", NESTEROV, "nesterov/lr_outside"),
    Bug(SGD, "grad = grad.add(buf, alpha=momentum)", "grad = buf.add(buf, alpha=momentum)", NESTEROV, "nesterov/lr_outside"),
    Bug(SGD, "else:\n            param.add_(grad, alpha=-lr)", "else:\n            param.sub_(grad, alpha=-lr)", "torch.optim.SGD", "sgd"),
    Bug(RMSPROP, "square_avg.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)", "square_avg.mul_(1 - alpha).addcmul_(grad, grad, value=alpha)",
        "torch.optim.RMSprop", "rmsprop"),
    Bug(RMSPROP, "avg = square_avg.sqrt()", "avg = square_avg.clone()", "torch.optim.RMSprop", "rmsprop"),
    Bug(RMSPROP, "avg = square_avg.sqrt()", "avg = square_avg.add(eps).sqrt()", "torch.optim.RMSprop", "rmsprop"),
    Bug(RMSPROP, "param.addcdiv_(grad, avg, value=-lr)", "param.addcdiv_(grad, avg.abs(), value=-lr).mul_(1 - lr)", "torch.optim.RMSprop", "rmsprop"),
    Bug(RMSPROP, "square_avg.addcmul(grad_avg, grad_avg, value=-1).sqrt_()", "square_avg.addcmul(grad_avg, grad_avg).sqrt_()",
        "torch.optim.RMSprop(centered=True)", "rmsprop/centered"),
    Bug(OPTAX_ADAM, "optax.tree.update_moment(updates, state.mu, b1, 1)", "optax.tree.update_moment(updates, state.mu, b2, 1)", "optax.adam", "adam"),
    Bug(OPTAX_ADAM, "updates, state.nu, b2, 2)", "updates, state.nu, b1, 2)", "optax.adam", "adam"),
    Bug(OPTAX_ADAM, "      mu_hat = optax.tree.bias_correction(mu, b1, count_inc)", "      mu_hat = mu", "optax.adam", "adam"),
    Bug(OPTAX_ADAM, "nu_hat = optax.tree.bias_correction(nu, b2, count_inc)", "nu_hat = optax.tree.bias_correction(nu, b1, count_inc)", "optax.adam", "adam"),
    Bug(OPTAX_ADAM, "m / (jnp.sqrt(v + eps_root) + eps)", "m / jnp.sqrt(v + eps_root + eps)", "optax.adam", "adam"),
    Bug(OPTAX_ADAM, "m / (jnp.sqrt(v + eps_root) + eps)", "m / (jnp.sqrt(v + eps_root) - eps)", "optax.adamw", "adamw"),
    Bug(OPTAX_ADAM, "count_inc = numerics.safe_increment(state.count)", "count_inc = state.count + 2", "optax.adam", "adam"),
    Bug(OPTAX_RMS, "1 / (jnp.sqrt(n) + eps)", "1 / (jnp.sqrt(n) * eps)", "optax.rmsprop(eps_in_sqrt=False)", "rmsprop"),
    Bug(OPTAX_RMS, "lambda s, g: s * g", "lambda s, g: s * jnp.abs(g)", "optax.rmsprop(eps_in_sqrt=False)", "rmsprop"),
    Bug(OPTAX_RMS, "state.nu, decay, 2)", "state.nu, 1 - decay, 2)", "optax.rmsprop(eps_in_sqrt=False)", "rmsprop"),
    Bug(OPTAX_AMSGRAD, "jnp.maximum, state.nu_max, nu_eff", "jnp.minimum, state.nu_max, nu_eff", "optax.amsgrad", "amsgrad/max_hat"),
]  # fmt: skip


def planted(function: tuple[str, str], old: str, new: str, patch: pytest.MonkeyPatch) -> None:
    """Put a copy of the function, with one edit, in its place."""
    module: Any = importlib.import_module(function[0])
    source = inspect.getsource(inspect.unwrap(getattr(module, function[1])))
    assert old in source, f"{function[1]} no longer says {old!r}"
    space = dict(vars(module))
    exec(compile("from __future__ import annotations\n" + source.replace(old, new, 1), f"<{function[1]}, one edit>", "exec"), space)
    patch.setattr(module, function[1], space[function[1]])


def test_there_are_thirty_bugs_and_no_two_alike() -> None:
    assert len({str(b) for b in BUGS}) == len(BUGS) >= 30


@pytest.mark.parametrize("bug", BUGS, ids=str)
def test_a_planted_bug_is_refuted_by_a_point_where_the_code_itself_gives_what_is_stated(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(bug.function, bug.old, bug.new, monkeypatch)
    implementation = loaded_from(bug.implementation, bug.rule)
    answer = prove(implementation)
    assert isinstance(answer, Differs), answer
    assert answer.witness.first != answer.witness.second
    assert shows(implementation, answer), answer.witness


@pytest.mark.parametrize(("implementation", "rule"), sorted({(b.implementation, b.rule) for b in BUGS}))
def test_the_untouched_source_is_proved(implementation: str, rule: str) -> None:
    assert isinstance(prove(implementation, rule), Equal)


@pytest.mark.parametrize("function", sorted({b.function for b in BUGS}))
def test_a_copy_without_an_edit_is_proved_as_the_original_is(function: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    planted(function, "", "", monkeypatch)
    bug = next(b for b in BUGS if b.function == function)
    assert isinstance(prove(bug.implementation, bug.rule), Equal)
