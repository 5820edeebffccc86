"""Kernels of shared libraries are given arrays of the formats that they are declared to take, and no others."""

from __future__ import annotations

import shutil

import pytest

import refopt
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.frameworks.installed import is_installed

if shutil.which("gcc") is None or not is_installed("cffi"):
    pytest.skip("gcc or cffi is not installed", allow_module_level=True)


@pytest.mark.parametrize(
    ("name", "rule", "format", "other"),
    [("CRMSprop", "rmsprop", "float32", "float64"), *((n, "momentum", "float64", "float32") for n in (
        "momentum", "by_address_of_doubles", "by_pointers", "ByAddressOfDoubles"
    ))],
)  # fmt: skip
def test_a_kernel_is_not_given_arrays_of_another_format_than_it_is_declared_to_take(name: str, rule: str, format: str, other: str) -> None:
    from tests.frameworks.own.people import of_c

    found = refopt.check(getattr(of_c, name), rule, dtypes=[format, other], cases=[f"{rule}-open-basic-001"]).found
    own, refused = found.findings
    assert own.verdict == Conformance.CONFORMS
    assert (refused.verdict, refused.reason) == (Conformance.SKIPPED, Reason(Why.HAS_FORMATS, (format,), "its shared library"))


WAYS = {"by_address": "by_address.formats = ('float32',)", "ByAddress": "formats = ('float32',)  # in class ByAddress"}


@pytest.mark.parametrize(("name", "way"), WAYS.items())
def test_what_hands_out_addresses_and_says_no_format_is_refused_with_the_line_that_says_it(name: str, way: str) -> None:
    from tests.frameworks.own.people import of_c

    with pytest.raises(RefoptError, match="nothing says of which numbers they are") as raised:
        refopt.check(getattr(of_c, name), "momentum")
    assert way in (raised.value.help or ""), raised.value.help


def test_a_format_that_there_is_not_is_refused() -> None:
    from tests.frameworks.own.people import of_c

    class Broad(of_c.ByAddress):  # type: ignore[misc]
        formats = ("float80",)

    with pytest.raises(RefoptError, match="its formats hold 'float80'"):
        refopt.check(Broad, "momentum")


def test_what_declares_nothing_may_be_given_any_format() -> None:
    from refopt.frameworks.own.calling.shared_libraries import declared_formats
    from tests.frameworks.own.people import numpy_functions, of_c

    assert declared_formats([numpy_functions.sgd]) == frozenset()
    assert declared_formats([of_c.momentum]) == {"float64"} and declared_formats([], of_c.CRMSprop) == {"float32"}
