"""The command line as it is read: names and options in any order, and one line for what cannot be read."""

from __future__ import annotations

import warnings

import pytest

from refopt.cli.parser import UsageError, read


@pytest.mark.parametrize(
    ("words", "names", "found"),
    [
        (("bench", "step", "--n", "1e7", "adam", "--turns", "3", "sgd"), "figures", ["adam", "sgd"]),
        (("bench", "--n", "1e7", "step", "adam"), "figures", ["adam"]),
        (("bench", "step", "--n", "1e7"), "figures", []),
        (("check", "numpy.sgd", "--dtype", "float64", "numpy.adam", "--json"), "implementations", ["numpy.sgd", "numpy.adam"]),
        (("check", "--dtype", "float64", "--", "node", "adam.mjs"), "implementations", []),
        (("golden", "verify", "sgd", "--quick", "adam"), "names", ["sgd", "adam"]),
        (("golden", "export", "sgd", "--to", "npz", "adam"), "names", ["sgd", "adam"]),
        (("list", "cases", "--json", "adam"), "query", "adam"),
        (("derive", "--as", "html", "heavy_ball"), "name", "heavy_ball"),
    ],
)
def test_a_name_may_stand_before_or_after_an_option(words: tuple[str, ...], names: str, found: object) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert getattr(read(words), names) == found


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check", "numpy.sgd", "--dtpe", "float64"), "refopt check has no option --dtpe"),
        (("check", "numpy.sgd", "--dtype"), "argument --dtype: expected one argument"),
        (("show", "adam", "--as", "latex", "sgd"), "refopt show does not expect 'sgd'"),
        (("list", "cases", "--json", "adam", "sgd"), "refopt list does not expect 'sgd'"),
        (("bench", "--n", "3"), "the following arguments are required: core|conformance|proof|tensors|step"),
        (("bench", "stp", "--n", "3"), "argument core|conformance|proof|tensors|step: invalid choice: 'stp' (choose from "),
        (("golden", "export", "adam"), "the following arguments are required: --to"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_a_help(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(words)
    assert caught.value.message.startswith(message) and caught.value.help
    assert "\n" not in caught.value.message
