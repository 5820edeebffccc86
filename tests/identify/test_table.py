"""Log files: every layout gives the same numbers, and what cannot be understood is one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from refopt.errors import RefoptError
from refopt.identify.log import logs
from refopt.identify.table import read

WIDE = """step,theta_0,theta_1,g_0,g_1,lr
0,1,2,0.5,-1,0.1
1,0.95,2.1,0.25,1,0.1
2,0.925,2,-0.125,0.5,0.05
3,0.93125,1.975,0.25,0.5,0.05
4,0.91875,1.95,,,
"""
LONG = """t;element;w;grad;rate
0;a;1;0.5;0.1
0;b;2;-1;0.1
1;a;0.95;0.25;0.1
1;b;2.1;1;0.1
2;b;2;0.5;0.05
2;a;0.925;-0.125;0.05
3;a;0.93125;0.25;0.05
3;b;1.975;0.5;0.05
4;a;0.91875;nan;
4;b;1.95;nan;
"""
THETA = [[1, 2], [0.95, 2.1], [0.925, 2], [0.93125, 1.975], [0.91875, 1.95]]
GRAD = [[0.5, -1], [0.25, 1], [-0.125, 0.5], [0.25, 0.5]]


def _file(folder: Path, content: str | bytes, name: str = "log.csv") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


LAYOUTS = {
    "wide": WIDE,
    "long": LONG,
    "comments": "\ufeff# made by hand\n\n" + WIDE,
    "tabs": WIDE.replace(",", "\t"),
    "brackets": WIDE.replace("theta_0", "param[0]").replace("theta_1", "param[1]"),
}


@pytest.mark.parametrize("content", list(LAYOUTS.values()), ids=list(LAYOUTS))
def test_every_layout_gives_the_same_numbers(tmp_path: Path, content: str) -> None:
    recorded = read(_file(tmp_path, content))
    assert recorded.theta.value.tolist() == THETA
    assert recorded.grad.value.tolist() == GRAD
    assert recorded.lr is not None
    assert recorded.lr.value.tolist() == [0.1, 0.1, 0.05, 0.05]
    assert recorded.missing == "last"


@pytest.mark.parametrize("rate", [0.1, [0.1, 0.1, 0.1, 0.1]])
def test_arrays_give_the_same_numbers(tmp_path: Path, rate: object) -> None:
    path = tmp_path / "log.npz"
    np.savez(path, theta=np.array(THETA, np.float32), grads=np.array(GRAD, np.float32), lr=np.array(rate), loss=np.zeros(4))
    recorded = read(str(path))
    assert recorded.theta.value.tolist() == np.array(THETA, np.float32).astype(float).tolist()
    assert recorded.number_format.name == "float32"
    assert recorded.lr is not None
    assert recorded.lr.value.tolist() == [0.1] * 4
    assert recorded.ignored == ("loss",)


def test_other_columns_are_passed_over_and_named(tmp_path: Path) -> None:
    lines = WIDE.splitlines()
    recorded = read(_file(tmp_path, "\n".join([f"{lines[0]},loss", *(f"{x},0.3" for x in lines[1:])])))
    assert recorded.ignored == ("loss",)


def test_one_element_needs_no_number(tmp_path: Path) -> None:
    recorded = read(_file(tmp_path, "theta,g\n1,0.5\n0.95,0.5\n0.9,0.5\n0.85,0.5\n"))
    assert recorded.names == ("theta",)
    assert recorded.lr is None


def test_a_full_table_has_two_readings_and_one_with_a_last_theta_has_one(tmp_path: Path) -> None:
    full = read(_file(tmp_path, WIDE.rsplit("4,", 1)[0]))
    assert [(log.reading, log.updates, log.headless) for log in logs(full, "log")] == [("at", 3, False), ("to", 4, True)]
    assert [log.updates for log in logs(read(_file(tmp_path, WIDE)), "log")] == [4]


def test_of_very_many_elements_some_are_looked_at(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    g = draw.normal(size=(5, 1000)).astype(np.float32)
    np.savez(tmp_path / "log.npz", theta=np.concatenate([np.zeros((1, 1000), np.float32), -np.cumsum(g, axis=0)]), g=g)
    assert logs(read(str(tmp_path / "log.npz")), "log")[0].elements == 256


BAD = {
    "empty": ("", "is empty"),
    "comments": ("# nothing\n", "holds comments only"),
    "no header": ("1,2,3\n4,5,6\n", "line 1: the first line must name the columns"),
    "header only": ("step,theta,g\n", "shows"),
    "ragged": (WIDE.replace("2.1,", ""), "line 3 has 5 cells, the first line has 6"),
    "word": (WIDE.replace("0.25,1,0.1", "0.25,abc,0.1"), "line 3: g_1 is 'abc', not a number"),
    "nan": (WIDE.replace("0.95", "nan"), "line 3: theta_0 is nan"),
    "inf": (WIDE.replace("-0.125", "inf"), "line 4: g_0 is inf"),
    "half a gradient": (WIDE.replace("-0.125", ""), "line 4: g_0 is '', not a number"),
    "gradient missing in the middle": (WIDE.replace("-0.125,0.5", ","), "line 4 has no gradient"),
    "too short": ("\n".join(WIDE.splitlines()[:3]), "at least 3 are needed"),
    "zero gradients": ("theta,g\n1,0\n0.9,0\n0.8,0\n0.7,0\n0.6,0\n", "every gradient is zero"),
    "theta still": ("theta,g\n1,1\n1,2\n1,3\n1,4\n1,2\n", "theta never moves"),
    "no theta": ("a,b\n1,2\n", "has no column for theta or g among a, b"),
    "no gradient": ("step,theta_0\n1,2\n", "has no column for g among step, theta_0"),
    "gradient of another element": (WIDE.replace("g_1", "g_2"), "has theta_1 but no g_1"),
    "twice": (WIDE.replace("theta_1", "theta_0"), "two columns are called 'theta_0'"),
    "gap": (WIDE.replace("\n2,", "\n5,"), "line 4: step 5 comes after 1"),
    "late": ("step,theta,g\n100,1,1\n101,2,2\n102,3,2\n103,4,2\n", "begins at step 100"),
    "long step cut": (LONG.rsplit("4;b", 1)[0], "are not one step of all 2 elements"),
    "rate missing": (WIDE.replace("-0.125,0.5,0.05", "-0.125,0.5,"), "lr is empty in some rows"),
    "binary": (b"\x00\xff\xfe\x80", "is neither text nor .npz"),
    "broken archive": (b"PK\x03\x04broken", "is no .npz file of numbers"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_what_cannot_be_understood_is_one_line(tmp_path: Path, name: str) -> None:
    content, message = BAD[name]
    path = _file(tmp_path, content)
    with pytest.raises(RefoptError) as raised:
        logs(read(path), path)
    assert message in raised.value.message
    assert path in raised.value.message
    assert "\n" not in raised.value.message
    assert raised.value.help


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"g": np.ones((4, 2))}, "has no array for theta among g"),
        ({"theta": np.ones((4, 2)), "g": np.ones((4, 3))}, "theta has shape (4, 2), g (4, 3)"),
        ({"theta": np.ones((6, 2)), "g": np.ones((4, 2))}, "theta has shape (6, 2), g (4, 2)"),
        ({"theta": np.ones((4, 2)), "g": np.ones((4, 2)), "lr": np.ones(3)}, "lr has 3 values for 4 gradients"),
        ({"theta": np.array([["a"]] * 4), "g": np.ones((4, 1))}, "theta has dtype <U1, not numbers"),
        ({"theta": np.array([[1.0], [np.nan], [1], [2]]), "g": np.ones((4, 1))}, "theta is not finite in row 1"),
    ],
)
def test_arrays_that_make_no_log_are_one_line(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:  # type: ignore[type-arg]
    path = tmp_path / "log.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    with pytest.raises(RefoptError) as raised:
        read(str(path))
    assert message in raised.value.message


def test_a_file_that_is_not_there_and_a_folder_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(RefoptError, match="no file"):
        read(str(tmp_path / "nothing.csv"))
    with pytest.raises(RefoptError, match="is a folder"):
        read(str(tmp_path))
