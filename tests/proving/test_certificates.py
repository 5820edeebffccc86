"""Certificates: coqc accepts the kept ones, refuses them with one sign changed, and refuses what an edited source gives."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from refopt import catalogue
from refopt.catalogue.transformations.clipping import clipped
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.cli.main import main
from refopt.errors import RefoptError
from refopt.frameworks.own.python_object import from_factory
from refopt.language.expression import floor, g, tensor, theta
from refopt.language.rule import Let, Rule
from refopt.proof.certificate import Claim, certificate
from refopt.proof.coq_step import BEYOND, certificate_of
from refopt.proof.equality import compare_rules
from refopt.proof.update_trees import after
from refopt.proving import kept_certificates
from refopt.proving.kept_certificates import FRAMEWORKS, Kept, kept, text_of, texts_of_differences
from refopt.proving.lift import lift
from refopt.proving.statement import of_rules
from refopt.report.words import told
from tests.derivation.test_derivations import NAMES, ran

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "derivations" / "certificates"
INSTALL = "coqc is not installed; install it with: apt-get install coq"
REQUIRE = "Require Import Reals Lra.\n"
needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason=INSTALL)


def _accepts(text: str, folder: Path, name: str = "one") -> tuple[bool, str]:
    """Whether Coq's kernel accepts a file, and what coqc says."""
    path = folder / f"{name}.v"
    path.write_text(text)
    done = subprocess.run(["coqc", path.name], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def _claim_of(rule: Rule, source: Rule | None = None) -> Claim:
    """The claim that another rule's trees are this rule."""
    source = source or rule
    hyper = tuple({h.name: h for h in (*rule.hyper, *source.hyper)}.values())
    return Claim(source.name, "trees", rule, hyper, after(source, first=True), after(source, first=False))


@needs_coq
def test_coq_accepts_every_kept_certificate(tmp_path: Path) -> None:
    """All of them in two files, each certificate a module: loading the real numbers takes longer than a proof."""
    files = sorted(FOLDER.glob("*.v"))
    joined = []
    for part in (files[::2], files[1::2]):
        texts = [f"Module {f.stem}.\n{f.read_text().replace(REQUIRE, '', 1)}\nEnd {f.stem}.\n" for f in part]
        assert all(REQUIRE in f.read_text() for f in part)
        joined.append(REQUIRE + "".join(texts))
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda i: _accepts(joined[i], tmp_path, f"joined_{i}"), range(2)))
    assert [accepted for accepted, _ in found] == [True, True], found


@needs_coq
def test_coq_accepts_a_kept_certificate_as_it_is(tmp_path: Path) -> None:
    accepted, said = _accepts((FOLDER / "torch_adam.v").read_text(), tmp_path)
    assert accepted and said == ""


@pytest.mark.parametrize("one", [k for k in kept() if k.needs is None], ids=lambda k: k.name)
def test_the_generated_code_gives_its_kept_certificate_again(one: Kept) -> None:
    assert (FOLDER / f"{one.name}.v").read_text() == text_of(one, told)


@pytest.mark.parametrize("one", FRAMEWORKS, ids=lambda k: k.name)
def test_a_framework_gives_its_kept_certificate_again(one: Kept) -> None:
    assert one.needs is not None
    if importlib.util.find_spec(one.needs) is None:
        pytest.skip(f"{one.needs} is not installed")
    text = (FOLDER / f"{one.name}.v").read_text()
    installed = version({"sklearn": "scikit-learn"}.get(one.needs, one.needs)).partition("+")[0]
    if f" {installed} is " not in text.splitlines()[0]:
        pytest.skip(f"the kept certificate is of another version than {one.needs} {installed}")
    assert text == text_of(one, told)


def test_two_rules_that_are_the_same_give_their_kept_certificates_again() -> None:
    for name, text in texts_of_differences(told):
        assert (FOLDER / name).read_text() == text


@pytest.mark.parametrize("name", NAMES)
def test_a_derivation_gives_its_kept_certificate_again(name: str) -> None:
    command = f"refopt derive {name} --certificate derive_{name}.v"
    assert (FOLDER / f"derive_{name}.v").read_text() == certificate_of(ran(name).derivation, command)


def test_steps_that_are_not_written_for_coq_are_named_in_the_file() -> None:
    for (name, step), why in BEYOND.items():
        text = (FOLDER / f"derive_{name}.v").read_text()
        numbers = [i for i, s in enumerate(ran(name).derivation.steps, start=1) if s.name == step]
        assert len(numbers) == 1
        assert f"(* {numbers[0]}. {step}: not written, {why} *)" in text and f"Theorem step_{numbers[0]} " not in text


@needs_coq
def test_a_wrong_constant_in_a_step_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "derive_heavy_ball.v").read_text()
    wrong = text.replace("(1 + gamma + ((-1) * eta * lambda))", "(2 + gamma + ((-1) * eta * lambda))", 1)
    assert wrong != text and not _accepts(wrong, tmp_path)[0]


def test_no_certificate_leaves_a_proof_out() -> None:
    for path in FOLDER.glob("*.v"):
        text = path.read_text()
        assert not re.search(r"\b(Admitted|admit|Axiom|Parameter|Conjecture|Abort)\b", text), path.name
        assert text.count("Theorem ") == text.count("Qed.") >= 1, path.name


def test_a_theorem_is_about_every_state_that_both_sides_keep() -> None:
    text = (FOLDER / "torch_adam.v").read_text()
    assert [text.count(f"Theorem same_{n} : source_{n} = rule_{n}.") for n in ("m", "v", "theta")] == [2, 2, 2]
    assert "Hypothesis beta1_domain : 0 <= beta1 < 1.\n" in text and "Hypothesis later : (2 <= t)%nat.\n" in text


SIGNS = [("torch_adam", "source_theta"), ("torch_adam", "rule_theta"), ("optax_rmsprop", "source_v"), ("numpy_momentum", "rule_v"), ("torch_adamw", "source_m"),
         ("numpy_amsgrad", "source_v"), ("adam_eps_hat_is_adam", "source_theta"), ("torch_cosine_annealing", "source_closed"),
         ("torch_cosine_annealing", "source_next"), ("torch_cosine_annealing", "source_rebound"), ("optax_cosine_decay", "rule_rate")]  # fmt: skip


@needs_coq
@pytest.mark.parametrize(("name", "definition"), SIGNS, ids=lambda x: x)
def test_one_sign_changed_is_refused(name: str, definition: str, tmp_path: Path) -> None:
    text = (FOLDER / f"{name}.v").read_text()
    line = [x for x in text.splitlines() if re.match(rf"Definition {definition} (\(.*?: R\) )?:= ", x)][-1]
    other = {"+": "-", "-": "+"}
    changed = re.sub(r" ([+-]) ", lambda found: f" {other[found[1]]} ", line, count=1)
    assert changed != line
    accepted, _ = _accepts(text.replace(line, changed), tmp_path)
    assert not accepted


def _edited_adam(folder: Path, edit: Callable[[str], str], name: str) -> Claim:
    original = (ROOT / "refopt" / "generated" / "numpy" / "adam.py").read_text()
    changed = edit(original)
    path = folder / f"{name}.py"
    path.write_text(changed)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    adam = catalogue.rule("adam")
    lifted = lift(from_factory(lambda: module, name, "adam"), adam)
    return Claim(name, lifted.route, adam, lifted.hyper, lifted.first, lifted.later)


def _swapped(source: str) -> str:
    """The generated code with the new theta added to instead of subtracted from."""
    found = re.sub(r"theta - ", "theta + ", source)
    assert found != source
    return found


@needs_coq
def test_an_edit_in_the_source_changes_the_theorem_and_coq_refuses_it(tmp_path: Path) -> None:
    same = certificate(_edited_adam(tmp_path, lambda s: s, "copy_of_adam"), told)
    edited = certificate(_edited_adam(tmp_path, _swapped, "edited_adam"), told)
    theorem = {text: [x for x in text.splitlines() if x.startswith("Definition source_theta")] for text in (same, edited)}
    assert theorem[same] != theorem[edited]
    assert _accepts(same, tmp_path)[0] and not _accepts(edited, tmp_path)[0]


@needs_coq
@pytest.mark.parametrize(("rule", "other"), [("adam", "adam/eps_in_sqrt"), ("amsgrad", "amsgrad/max_hat"), ("momentum", "momentum/lr_outside")])
def test_what_is_not_the_rule_is_refused(rule: str, other: str, tmp_path: Path) -> None:
    assert not _accepts(certificate(_claim_of(catalogue.rule(rule), catalogue.rule(other)), told), tmp_path)[0]


@needs_coq
def test_a_certificate_rests_on_the_axioms_of_the_reals_only(tmp_path: Path) -> None:
    accepted, said = _accepts((FOLDER / "torch_adam.v").read_text() + "Print Assumptions LaterUpdate.same_theta.\n", tmp_path)
    assert accepted
    axioms = {line.partition(" ")[0] for line in said.splitlines() if re.match(r"[A-Z]\w*\.\w+", line)}
    assert axioms == {"ClassicalDedekindReals.sig_not_dec", "ClassicalDedekindReals.sig_forall_dec", "FunctionalExtensionality.functional_extensionality_dep"}


@needs_coq
def test_clipping_and_decay_can_be_certified_too(tmp_path: Path) -> None:
    for rule in (clipped(catalogue.rule("momentum")), with_weight_decay(catalogue.rule("rmsprop"))):
        accepted, said = _accepts(certificate(_claim_of(rule), told), tmp_path)
        assert accepted, said


def test_rules_that_are_not_the_same_have_no_certificate() -> None:
    first, second = catalogue.rule("amsgrad"), catalogue.rule("amsgrad/max_hat")
    with pytest.raises(RefoptError, match="no certificate"):
        of_rules(first, second, compare_rules(first, second))


def test_both_forms_of_torchs_cosine_are_in_its_certificate() -> None:
    text = (FOLDER / "torch_cosine_annealing.v").read_text()
    assert [text.count(f"Theorem {n} : ") for n in ("closed_form", "start", "next", "rebound")] == [1, 1, 1, 1]


def test_a_whole_power_of_a_schedule_is_said_not_to_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "refopt.generated.numpy.step_decay", "--certificate", str(tmp_path / "no.v")]) == 2
    assert "cannot be written into a Coq certificate" in capsys.readouterr().err and not (tmp_path / "no.v").exists()


def test_what_coq_has_no_word_for_is_said() -> None:
    sgd = catalogue.rule("sgd")
    strange = replace(sgd, name="strange", steps=(Let(theta, theta - floor(g)),))
    with pytest.raises(RefoptError, match="floor cannot be written into a Coq certificate"):
        certificate(_claim_of(strange), told)
    fun = tensor("fun")
    named = replace(sgd, name="named", steps=(Let(fun, g + g), Let(theta, theta - fun)))
    with pytest.raises(RefoptError, match="the name fun cannot stand in a Coq file"):
        certificate(_claim_of(named), told)


def test_the_two_printers_share_nothing() -> None:
    for one, other in (("coq_rule", "coq_source"), ("coq_source", "coq_rule")):
        text = (ROOT / "refopt" / "proof" / f"{one}.py").read_text()
        assert f"import {other}" not in text and f"proof.{other}" not in text


def test_the_command_writes_a_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sgd.v"
    assert main(["prove", "refopt.generated.numpy.sgd", "--certificate", str(path)]) == 0
    assert f"coqc {path}" in capsys.readouterr().out and path.read_text().startswith("(* refopt.generated.numpy.sgd is sgd:")
    assert main(["diff", "nesterov", "nesterov/velocity", "--certificate", str(path)]) == 0
    assert path.read_text().startswith("(* nesterov/velocity is nesterov:")


def test_the_command_writes_no_certificate_of_what_it_refutes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.v"
    assert main(["diff", "amsgrad", "amsgrad/max_hat", "--certificate", str(path)]) == 2
    assert "no certificate" in capsys.readouterr().err and not path.exists()


def test_every_kept_certificate_is_listed() -> None:
    names = {one.name for one in kept()} | {name.removesuffix(".v") for name, _ in texts_of_differences(told)} | {f"derive_{n}" for n in NAMES}
    assert {p.stem for p in FOLDER.glob("*.v")} == names
    assert len(kept_certificates.kept()) == len({k.name for k in kept()})


@needs_coq
@pytest.mark.parametrize("name", kept_certificates.NOT_ACCEPTED)
def test_what_is_left_out_is_not_accepted(name: str, tmp_path: Path) -> None:
    file = name.replace("/", "_")
    accepted, _ = _accepts(text_of(Kept(f"numpy_{file}", f"refopt.generated.numpy.{file}", name), told), tmp_path)
    assert not accepted, f"{name} can be kept now: take it out of NOT_ACCEPTED"
