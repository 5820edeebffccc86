"""Names that people give to hyperparameters: from the arguments of a function to the glossary's names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RATE = (
    "lr", "learningrate", "learningrateinit", "stepsize", "eta", "baselr", "initiallr", "initlr", "maxlr", "lrmax", "peaklr", "lr0", "lrinit",
    "initiallearningrate", "baselearningrate", "maxlearningrate", "initlearningrate", "peakvalue", "initvalue", "etamax", "rate", "lrate", "maxrate",
    "baserate", "alpha", "currentlearningrate", "currentlr",
)  # fmt: skip
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "lr": RATE,
    "beta1": ("beta1", "b1", "beta", "momentum"),
    "beta2": ("beta2", "b2"),
    "beta3": ("beta3", "b3"),
    "s0": ("s0", "initialaccumulatorvalue", "initialaccumulator", "initaccumulator", "accumulatorinit", "initialsum"),
    "lr_decay": ("lrdecay", "learningratedecay", "ratedecay", "decay"),
    "momentum_decay": ("momentumdecay", "psi", "scheduledecay"),
    "eps_root": ("epsroot", "epsilonroot", "rooteps"),
    "eps": ("eps", "epsilon", "delta", "smallnumber", "tiny"),
    "weight_decay": ("weightdecay", "wd", "lambda", "lambd", "lam", "l2", "decay", "weightdecayrate"),
    "momentum": ("momentum", "mu", "mom", "beta", "gamma", "rho", "beta1", "momentumcoeff", "friction"),
    "averaged_after": ("averagedafter", "t0"),
    "eta_minus": ("etaminus", "etaneg", "etam", "etadown", "shrink", "decrease", "decreasefactor"),
    "eta_plus": ("etaplus", "etapos", "etap", "etaup", "grow", "increase", "increasefactor"),
    "step_min": ("stepmin", "minstep", "minstepsize", "stepsizemin", "deltamin", "mindelta"),
    "step_max": ("stepmax", "maxstep", "maxstepsize", "stepsizemax", "deltamax", "maxdelta"),
    "l1": ("l1", "lambda1", "l1reg", "l1strength", "l1regularizationstrength"),
    "l2": ("l2", "lambda2", "l2reg", "l2strength", "l2regularizationstrength"),
    "dampening": ("dampening", "damping", "tau"),
    "rho": ("rho", "decayrate", "decay", "alpha", "beta", "gamma", "beta2", "rmsdecay"),
    "lr_min": ("lrmin", "minlr", "etamin", "finallr", "endlr", "minlearningrate", "endvalue", "floor", "lowestlr", "endlearningrate", "finallearningrate"),
    "factor": ("factor", "gamma", "drop", "dropfactor", "droprate", "decayrate", "decay", "decayfactor"),
    "every": ("every", "stepsize", "dropevery", "epochsdrop", "decaysteps", "stepevery", "decayevery", "n", "s"),
    "period_mult": ("periodmult", "tmult", "tmul"),
    "period": ("period", "t0", "firstdecaysteps", "tmax", "totalsteps", "maxsteps", "numsteps", "nsteps", "decaysteps", "totalepochs", "maxepochs",
               "epochs", "total", "steps", "t", "numepochs", "nepochs", "maxiter", "totaliters", "numtrainingsteps"),
    "warmup_steps": ("warmupsteps", "numwarmupsteps", "warmup", "nwarmup", "warm", "warmsteps", "warmupepochs", "warmupiters"),
    "span": ("span", "totaliters", "totalsteps", "maxsteps", "numsteps", "decaysteps", "numdecaysteps", "cooldownsteps", "transitionsteps", "steps",
             "totalepochs", "maxepochs", "epochs", "tmax", "maxiter", "numtrainingsteps", "total"),
    "total_steps": ("totalsteps", "numsteps", "maxsteps", "totaliters", "steps", "epochs", "totalepochs", "numtrainingsteps"),
    "stable_steps": ("stablesteps", "numstablesteps", "stable", "plateausteps"),
    "half_cycle": ("halfcycle", "stepsize", "stepsizeup", "halfperiod"),
    "lr_max": ("lrmax", "maxlr", "maxlearningrate", "peaklr", "etamax", "upperlr", "maxrate"),
    "degree": ("degree", "power", "exponent"),
    "start_factor": ("startfactor", "initfactor"),
    "end_factor": ("endfactor", "finalfactor"),
    "slope": ("slope", "decayrate", "decay", "gamma"),
    "model_size": ("modelsize", "dmodel", "dim", "hiddensize"),
    "cycles": ("cycles", "numcycles", "ncycles"),
    "warmup_start": ("warmupstart", "startfactor", "initfactor", "warmupfactor"),
}  # fmt: skip
"""By the glossary's name of a hyperparameter the names that people give it, in small letters without underscores, the plainest first.

Where two hyperparameters could be meant by one name (`alpha`, `beta`, `gamma`, `decay`), the earlier one takes it."""
PAIR = "betas"
"""The argument that holds beta1 and beta2."""
PAIRS: Mapping[str, tuple[str, str]] = {PAIR: ("beta1", "beta2"), "etas": ("eta_minus", "eta_plus"), "step_sizes": ("step_min", "step_max")}
"""The arguments of two numbers, by what each holds."""


@dataclass(frozen=True)
class Place:
    """Place of a hyperparameter among arguments: the argument, and which of its numbers."""

    argument: str
    index: int | None = None

    def __str__(self) -> str:
        return self.argument if self.index is None else f"{self.argument}[{self.index}]"


def hypers_of(rule: str | None) -> list[str]:
    """The hyperparameters that may be among the arguments: those of the rule and its variants; of all rules where none is known."""
    from refopt.catalogue import rules

    own = [r for r in rules(variants=True) if rule is None or r.family == rule.partition("/")[0].partition("+")[0]]
    return list(dict.fromkeys(n for r in own for n in r.hyper_names))


def plain(name: str) -> str:
    """A name in small letters without underscores."""
    return name.replace("_", "").lower()


def matched(arguments: Sequence[str], wanted: Iterable[str]) -> dict[str, Place]:
    """The places of the hyperparameters `wanted` among arguments. No argument stands for two, and one that bears the very name is never another's."""
    names = list(wanted)
    order = [n for n in SYNONYMS if n in names] + [n for n in names if n not in SYNONYMS]
    found: dict[str, Place] = {n: Place(n) for n in order if n in arguments}
    found |= in_pairs({a: a for a in arguments}, [n for n in names if n not in found])
    used = {p.argument for p in found.values()}
    names_of = {name: SYNONYMS.get(name, (plain(name),)) for name in order}
    shared = {s for name in order for s in names_of[name] if any(s in names_of[n] for n in order if n != name)}
    # what can be one hyperparameter alone is that, before what can be several: beside lr0, step_size is no rate
    for name, synonym in ((n, s) for of_several in (False, True) for n in order for s in names_of[n] if (s in shared) is of_several):
        if name not in found:
            fitting = next((a for a in arguments if plain(a) == synonym and a not in used), None)
            if fitting is not None:
                found[name] = Place(fitting)
                used.add(fitting)
    return {n: found[n] for n in names if n in found}


def in_pairs(arguments: Mapping[str, str], wanted: Sequence[str]) -> dict[str, Place]:
    """The places of hyperparameters in arguments of two numbers, each by the name under which it is known."""
    return {n: Place(argument, i) for argument, known in arguments.items() for i, n in enumerate(PAIRS.get(known, ())) if n in wanted}


def pair_of(settings: Mapping[str, float]) -> tuple[float, float]:
    """The two numbers of a pair, as they stand where one alone is sent."""
    return settings.get("beta1", 0.9), settings.get("beta2", 0.999)


def arguments_for(
    places: Mapping[str, Place], values: Mapping[str, float], pair: Sequence[float | None] = (0.9, 0.999), held: Mapping[str, Any] | None = None
) -> dict[str, object]:
    """The arguments that hold these values; `pair` is what stands in a pair of which one alone is sent, `held` by argument what stands in each."""
    sent: dict[str, object] = {}
    for name, value in values.items():
        place = places[name]
        if place.index is None:
            sent[place.argument] = value
        else:
            numbers = list(sent.get(place.argument, (held or {}).get(place.argument, pair)))  # type: ignore[call-overload]
            numbers[place.index] = value
            sent[place.argument] = tuple(numbers)
    return sent
