"""Everything has a name, a source and the same blocks in the same order; wrong names get the nearest ones."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

import refopt.catalogue
from refopt.catalogue import objective, objectives, rule, rules, schedule, schedules, variants
from refopt.errors import RefoptError, UnknownName
from refopt.language.compose import scheduled
from refopt.language.hyper import Hyper
from refopt.language.lists import read
from refopt.language.objective import Objective
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

HERE = Path(refopt.catalogue.__file__).parent
CONCEPTS: list[Rule | Schedule | Objective] = [*rules(variants=True), *schedules(variants=True), *objectives()]
HYPERS = [(c.name, h) for c in CONCEPTS for h in c.hyper]
BLOCKS = {
    "optimizers": ("source", "hyperparameters", "inputs?", "state", "steps", "variants"),
    "schedules": ("source", "hyperparameters", "state?", "steps?", "rate", "variants"),
    "transformations": ("source", "hyperparameters?", "transformation"),
    "objectives": ("source", "symbols", "constants?", "data?", "loss"),
}
"""The labelled blocks of every file of a folder, in order; those with a mark not every file has."""


def test_the_catalogue_lists_references_each_followed_by_its_variants() -> None:
    assert [r.name for r in rules(variants=True)] == [x.name for r in rules() for x in (r, *variants(r.name))]
    assert [s.name for s in schedules(variants=True) if s.name == s.family] == [s.name for s in schedules()]
    for concept in (*rules(), *schedules()):
        assert "/" not in concept.name and concept.name == concept.family
    # others count on these: what leaves the catalogue, or is put before them, is a break
    assert [r.name for r in rules()][:7] == ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "amsgrad"]
    assert [v.name for v in variants("adam")][:4] == ["adam/eps_hat", "adam/eps_in_sqrt", "adam/uncorrected", "adam/l2"]
    assert {"constant", "step_decay", "exponential", "cosine_annealing", "warmup", "warmup+cosine_annealing"} <= {s.name for s in schedules()}
    assert {"ravine", "ravine_rotated", "rosenbrock", "two_wells", "logistic_regression", "tanh_network"} <= {o.name for o in objectives()}


def test_every_file_of_a_folder_is_in_its_table_and_every_line_of_the_table_has_a_file() -> None:
    every: tuple[tuple[str, tuple[Rule | Schedule, ...]], ...] = (("optimizers", rules()), ("schedules", schedules()))
    for folder, concepts in every:
        assert {path.stem for path in (HERE / folder).glob("[a-z]*.py")} == {c.name.partition("+")[0] for c in concepts}


def test_everything_is_found_by_its_name() -> None:
    for r in rules(variants=True):
        assert rule(r.name) is r
    for s in schedules(variants=True):
        assert schedule(s.name) is s
    for o in objectives():
        assert objective(o.name) is o
    assert len({c.name for c in CONCEPTS}) == len(CONCEPTS)


def test_variants_belong_to_their_reference() -> None:
    assert [v.name for v in variants("rmsprop")][:2] == ["rmsprop/eps_in_sqrt", "rmsprop/centered"]
    assert all(v.name.startswith("rmsprop/") for v in variants("rmsprop")) and variants("adam/l2") == ()
    for r in rules(variants=True):
        assert r in (rule(r.family), *variants(r.family))


@pytest.mark.parametrize("c", [c for c in CONCEPTS if "/" in c.name], ids=lambda c: c.name)
def test_a_variant_says_what_differs_in_a_name_and_a_line_that_fit_the_screen(c: Rule | Schedule) -> None:
    assert len(c.name.partition("/")[2]) <= 18
    assert 0 < len(c.differs) <= 68
    assert c.differs.isascii()


@pytest.mark.parametrize("c", CONCEPTS, ids=lambda c: c.name)
def test_everything_names_its_source_and_links_papers(c: Rule | Schedule | Objective) -> None:
    assert c.title and c.source
    for source in c.source:
        assert source.work and source.place
        assert source.link


@pytest.mark.parametrize("c", CONCEPTS, ids=lambda c: c.name)
def test_a_source_can_be_found_by_its_author_and_year(c: Rule | Schedule | Objective) -> None:
    for source in c.source:
        assert re.fullmatch(r"[A-Z].+ (1[89]|20)\d\d", source.work), source


@pytest.mark.parametrize("folder", ["refopt", "derivations", "golden"])
def test_no_file_names_a_source_that_no_reader_can_find(folder: str) -> None:
    files = [f for f in (Path(__file__).parents[2] / folder).rglob("*") if f.is_file() and f.suffix != ".pyc"]
    assert files
    assert [str(f) for f in files if b"seed text" in f.read_bytes()] == []


@pytest.mark.parametrize("c", CONCEPTS, ids=lambda c: c.name)
def test_a_thread_is_named_as_owner_repository_and_number(c: Rule | Schedule | Objective) -> None:
    for note in c.notes:
        if note.startswith("others met it"):
            assert re.fullmatch(r"others met it: [\w.-]+/[\w.-]+#\d+( \(.+\))?", note)


ALONE = next(r.name for r in rules() if not variants(r.name))


@pytest.mark.parametrize(
    ("find", "name", "message", "help"),
    [
        (rule, "admw", "no rule 'admw'", "did you mean adamw?"),
        (rule, "Adam", "no rule 'Adam'", "did you mean adam?"),
        (rule, "adam/epshat", "no variant 'adam/epshat'", "adam has eps_hat, eps_in_sqrt, uncorrected, l2"),
        (rule, f"{ALONE}/lr_outside", f"no variant '{ALONE}/lr_outside'", f"{ALONE} has no variants"),
        (rule, "lamb", "no rule 'lamb'", "refopt list rules"),
        (variants, "rmsprob", "no rule 'rmsprob'", "did you mean rmsprop?"),
        (schedule, "cosine", "no schedule 'cosine'", "cosine_annealing"),
        (schedule, "cosine_annealing/restarts", "no variant 'cosine_annealing/restarts'", "cosine_annealing has periodic"),
        (objective, "rosenbrok", "no objective 'rosenbrok'", "did you mean rosenbrock?"),
        (objective, "", "no objective ''", "refopt list objectives"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest_ones(find: object, name: str, message: str, help: str) -> None:
    with pytest.raises(UnknownName) as caught:
        find(name)  # type: ignore[operator]
    assert caught.value.message == message
    assert caught.value.help is not None and help in caught.value.help


def test_a_rule_whose_hyperparameter_is_a_list_is_refused_before_anything_is_done_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written by hand or made by `scheduled`: its cases and updates would have no number to send."""
    listed = scheduled(rule("sgd"), schedule("multi_step"))
    monkeypatch.setattr(refopt.catalogue, "RULES", (*refopt.catalogue.RULES, (listed, ())))
    for ask in (rules, lambda: rule(listed.name)):
        with pytest.raises(RefoptError, match=rf"^{re.escape(listed.name)}: milestones is a list, which a schedule .* a rule may not\n") as found:
            ask()
        assert found.value.help is not None and "refopt show multi_step" in found.value.help
    assert rule("adam").name == "adam"


@pytest.mark.parametrize("folder", BLOCKS)
def test_every_file_has_the_same_labelled_blocks_in_the_same_order(folder: str) -> None:
    always = [b for b in BLOCKS[folder] if not b.endswith("?")]
    allowed = [b.rstrip("?") for b in BLOCKS[folder]]
    for path in sorted(x for x in (HERE / folder).glob("[a-z]*.py") if x.stem != "transformation"):
        blocks = re.findall(r"^# ---- (.+?) -+$", path.read_text(), re.MULTILINE)
        assert blocks == [b for b in allowed if b in blocks], path.name
        assert set(always) <= set(blocks), path.name


@pytest.mark.parametrize("r", rules(), ids=lambda r: r.name)
def test_a_rule_stands_in_a_file_of_its_name_whose_docstring_has_the_formula(r: Rule) -> None:
    module = __import__(f"refopt.catalogue.optimizers.{r.name}", fromlist=["_"])
    assert getattr(module, r.name.upper()) is r
    assert variants(r.name) == module.VARIANTS
    squeezed = "".join(str(module.__doc__).split())
    assert "".join(r.text().splitlines()[-1].split()) in squeezed


def _allows(hyper: Hyper, value: str) -> bool:
    from refopt.errors import OutsideDomain

    try:
        hyper.value(value)
    except OutsideDomain:
        return False
    return True


@pytest.mark.parametrize(("name", "h"), HYPERS, ids=[f"{name} {h.name}" for name, h in HYPERS])
def test_what_a_symbol_promises_of_its_sign_is_what_its_domain_allows(name: str, h: Hyper) -> None:
    smallest_negative = "-5e-324"
    if h.role is Role.METRIC:
        assert h.symbol.sign is None and _allows(h, smallest_negative) and _allows(h, "1e308")
        return
    assert h.symbol.sign in ("nonnegative", "positive")
    assert not _allows(h, smallest_negative)
    assert _allows(h, "0") == (h.symbol.sign == "nonnegative")


@pytest.mark.parametrize(("name", "h"), HYPERS, ids=[f"{name} {h.name}" for name, h in HYPERS])
def test_a_hyperparameter_says_what_it_is_for_and_what_breaks_outside_its_domain(name: str, h: Hyper) -> None:
    assert h.meaning and h.why
    written = read(h.default) if h.is_list else [h.default]
    assert written and all(Fraction(x) == Fraction(x.strip()) for x in written)


RESIZING = ("eta_minus", "eta_plus", "step_max")
"""What a step is resized by: a factor below 1, one above it, and a limit that leaves room for a step."""

NOTHING_AT_ZERO = {("madgrad/decoupled", "momentum")}
"""A share by which a decay comes into theta: at 0 there would be none."""


def test_all_but_divisors_may_be_zero_and_decays_may_not_be_one() -> None:
    for r in rules(variants=True):
        divisors = {n.args[1] for let in r.steps for n in let.value.walk() if n.op == "div"}
        for h in r.hyper:
            if h.name in RESIZING or (r.name, h.name) in NOTHING_AT_ZERO:
                continue
            if h.role is not Role.EXPONENT:  # a limit that shall grow has an exponent above 0
                assert _allows(h, "0") == (h.symbol not in divisors), (r.name, h.name)
            assert _allows(h, "1") == (h.role not in (Role.DECAY, Role.MOMENTUM) and h.name != "dampening"), (r.name, h.name)


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_what_a_variant_shares_with_its_reference_has_the_same_default(r: Rule) -> None:
    reference = rule(r.family).defaults
    assert {n: x for n, x in reference.items() if n in r.defaults} == {n: x for n, x in r.defaults.items() if n in reference}


def test_a_variant_keeps_all_of_its_reference_but_where_what_it_does_leaves_no_use_for_it() -> None:
    lacking = {r.name for r in rules(variants=True) if {*rule(r.family).hyper_names, *rule(r.family).state_names} - {*r.hyper_names, *r.state_names}}
    assert lacking == {
        "nadam/constant_momentum", "nadam/one_correction", "rprop/late",
        "cocob/bet",  # it keeps its bet in the place of where it started
        "schedule_free_adamw/equal_weights",  # where all weigh alike, t is their sum
    }  # fmt: skip


def test_defaults_and_states_are_the_documented_ones() -> None:
    adam = {"lr": "0.001", "beta1": "0.9", "beta2": "0.999", "eps": "1e-8"}
    documented = {
        "sgd": {"lr": "0.01"},
        "momentum": {"lr": "0.01", "momentum": "0.9"},
        "nesterov": {"lr": "0.01", "momentum": "0.9"},
        "rmsprop": {"lr": "0.001", "rho": "0.9", "eps": "1e-8"},
        "adam": adam,
        "adamw": adam | {"weight_decay": "0.01"},
        "amsgrad": adam,
    }
    assert {name: rule(name).defaults for name in documented} == documented
    states = {
        "sgd": (), "momentum": ("v",), "nesterov": ("v",), "rmsprop": ("v",), "adam": ("m", "v"), "adamw": ("m", "v"),
        "amsgrad": ("m", "v", "v_max"),
    }  # fmt: skip
    assert {name: rule(name).state_names for name in states} == states
    assert rule("rmsprop/centered").state_names == ("v", "m")
    assert rule("momentum/dampened").defaults["dampening"] == "0"
    assert rule("adam/l2").defaults["weight_decay"] == "0.01"


def test_symbols_shared_by_several_rules_have_one_letter_each() -> None:
    letters: dict[str, set[str | None]] = {}
    for r in rules(variants=True):
        for h in r.hyper:
            letters.setdefault(h.name, set()).add(h.symbol.letter)
    assert all(len(found) == 1 for found in letters.values()), letters
    assert letters.items() >= {
        "lr": {r"\eta"}, "momentum": {r"\gamma"}, "dampening": {r"\tau"}, "rho": {r"\rho"}, "beta1": {r"\beta_1"}, "beta2": {r"\beta_2"},
        "eps": {r"\epsilon"}, "weight_decay": {r"\lambda"},
    }.items()  # fmt: skip


def test_every_starting_value_and_datum_is_exact_in_bfloat16() -> None:
    """Eight significant bits."""
    for o in objectives():
        for written in (*o.start, *(x for row in o.data for x in row)):
            x = abs(Fraction(written))
            odd = x.numerator
            while odd and odd % 2 == 0:
                odd //= 2
            assert odd < 2**8 and x.denominator & (x.denominator - 1) == 0, (o.name, written)
