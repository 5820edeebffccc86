"""How people spell an implementation."""

from __future__ import annotations

import pytest

from refopt.conformance.protocol.spelling import of_own, parse, with_argument
from refopt.errors import RefoptError
from refopt.frameworks import load


def test_a_dotted_name_and_its_literal_arguments() -> None:
    spelling = parse(" torch.optim.Adam(lr=1e-3, betas=(0.9, 0.99), fused=True) ")
    assert (spelling.path, spelling.arguments) == ("torch.optim.Adam", {"lr": 1e-3, "betas": (0.9, 0.99), "fused": True})
    assert spelling.text == "torch.optim.Adam(lr=1e-3, betas=(0.9, 0.99), fused=True)"


@pytest.mark.parametrize("text", ["lr=1e400", "lr=-1e400", "betas=(0.9, 1e400)", "groups=[{'lr': 1e400}]", f"lr=1{'0' * 400}"])
def test_a_number_that_is_read_as_infinity_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(RefoptError) as caught:
        parse(f"torch.optim.Adam({text})")
    assert caught.value.message == f"torch.optim.Adam({text}): {text.partition('=')[0]} holds a number that is too large for any format"


@pytest.mark.parametrize(
    "name",
    ["torch.optim.SGD(lr=1e400)", "torch.optim.lr_scheduler.StepLR(gamma=1e400)", "optax.sgd(learning_rate=1e400)",
     "keras.optimizers.SGD(learning_rate=1e400)", "sklearn.SGDOptimizer(momentum=1e400)", "refopt.optim.SGD(lr=1e400)"],
)  # fmt: skip
def test_every_adapter_refuses_it(name: str) -> None:
    with pytest.raises(RefoptError, match="too large for any format"):
        load(name)


@pytest.mark.parametrize("text", ["torch.optim.Adam(", "torch.optim.Adam(0.1)", "torch.optim.Adam(lr=x)", "torch.optim.Adam(**{})", "3", ""])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RefoptError) as caught:
        parse(text)
    assert caught.value.help


@pytest.mark.parametrize(
    ("text", "longer"),
    [("mine.A", "mine.A(on=True)"), ("python:m:A()", "python:m:A(on=True)"), ("m.A(lr=0.1)", "m.A(lr=0.1, on=True)"), ("m.A(lr=0.1,)", "m.A(lr=0.1,on=True)")],
)
def test_an_argument_is_added_to_a_spelling(text: str, longer: str) -> None:
    assert with_argument(text, "on") == longer and of_own(longer).arguments["on"] is True
