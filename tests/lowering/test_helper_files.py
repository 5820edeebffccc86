"""The helper functions of generated code are files that compilers take without a word, and each file of generated code gets what it calls."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from refopt.lowering import c, helper_files, javascript, rust
from tests.generated.programs import tool

HELPERS = Path(helper_files.__file__).parent / "helpers"
VALUES = """
int main(void)
{
    const double none = NAN;
    if (power(3, 4) != 81 || power(2, -2) != 0.25 || quotient(-7, 2) != -4 || larger(2, 3) != 3 || smaller(2, 3) != 2) return 1;
    if (maximum(none, 1) == maximum(none, 1) || minimumf(1, (float)none) == 1 || sign(-3) != -1 || signf(0) != 0 || squaref(3) != 9) return 2;
    if (maximum(1, 2) != 2 || minimum(1, 2) != 1 || maximumf(1, 2) != 2 || minimumf(1, 2) != 1 || square(3) != 9) return 3;
    if (ilog(242, 3) != 4 || ilog(243, 3) != 5 || ilog(1, 2) != 0 || ilog(0, 2) != 0 || ilog(9, 1) != 0) return 6;
    const double r = reciprocal(3);
    const float rf = reciprocalf(3);
    if ((r != 0 && is_easy(7) && divided(7, 3, r) != 7.0 / 3) || (rf != 0 && is_easyf(7) && dividedf(7, 3, rf) != 7.0f / 3)) return 4;
    FETCH(&none, 0);
    return BLOCK + AHEAD + LINE == 608 ? 0 : 5;
}
"""


def _names(file: str) -> list[str]:
    return [f.name for _, every in helper_files.functions(helper_files.parts(file)["functions"]) for f in every]


def test_a_c_compiler_takes_the_helpers_without_a_warning_and_they_are_right(tmp_path: Path) -> None:
    (tmp_path / "main.c").write_text(f'#include "{HELPERS / "helpers.h"}"\n{VALUES}', encoding="utf-8")
    words = [tool("gcc", "cc", "clang"), "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-ffp-contract=off", "-o", "main", "main.c", "-lm"]
    done = subprocess.run(words, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr  # a helper that nobody calls above would be a warning
    assert subprocess.run([tmp_path / "main"], check=False).returncode == 0


def test_a_rust_compiler_takes_the_helpers_without_a_warning(tmp_path: Path) -> None:
    calls = "".join(f"    let _ = {name};\n" for name in _names("helpers.rs"))
    text = f'include!(r"{HELPERS / "helpers.rs"}");\nfn main() {{\n{calls}    assert!(power(2.0, -2) == 0.25 && maximum_f64(f64::NAN, 1.0).is_nan());\n}}\n'
    (tmp_path / "main.rs").write_text(text, encoding="utf-8")
    done = subprocess.run([tool("rustc"), "-D", "warnings", "main.rs"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert subprocess.run([tmp_path / "main"], check=False).returncode == 0


def test_node_takes_the_helpers_as_a_strict_module(tmp_path: Path) -> None:
    told = "if (power(2, -2) !== 0.25 || square(3) !== 9) process.exit(1);\ncheck(new Float64Array(2), { g: new Float64Array(2) }, 1);\n"
    (tmp_path / "main.mjs").write_text(f"{(HELPERS / 'helpers.mjs').read_text(encoding='utf-8')}\n{told}", encoding="utf-8")
    done = subprocess.run([tool("node"), "main.mjs"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_file_gets_the_functions_that_it_calls_under_their_comment_and_no_other() -> None:
    assert helper_files.called("helpers.h", lambda name: name == "minimumf") == [
        "// The smaller one; NaN where one is NaN.\nstatic inline float minimumf(float a, float b) { return a <= b || a != a ? a : b; }"
    ]
    (power,) = helper_files.called("helpers.h", lambda name: name == "power")
    assert power.startswith("// An integer power") and power.endswith("\n}") and "quotient" not in power
    assert not helper_files.called("helpers.rs", lambda name: False)


def test_every_helper_is_spelled_by_its_backend() -> None:
    for backend in (c, rust, javascript):
        source = Path(backend.__file__).read_text(encoding="utf-8")
        for name in _names(backend.HELPERS):
            assert re.search(rf"\b{re.sub('(_f64|_f32|(?<=.)f)$', '', name)}", source), (backend.NAME, name)
