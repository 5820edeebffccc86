"""Probes of golden cases: the errors they look for, and the effects on the user whose code has them."""

from __future__ import annotations

from refopt.golden.model import Probe

KERAS_EPS = "https://github.com/keras-team/keras/issues/17391"
TENSORFLOW_EPS = "https://github.com/tensorflow/tensorflow/issues/35102"
TORCH_ADAM = "https://github.com/pytorch/pytorch/issues/2060"
TORCH_AMSGRAD = "https://github.com/pytorch/pytorch/issues/142041"
TORCH_FUSED = "https://github.com/pytorch/pytorch/issues/191763"
OPTAX_CENTERED = "https://github.com/google-deepmind/optax/pull/1785"
ONNX_ADAM = "https://github.com/onnx/onnx/issues/3803"

PROBES: dict[str, Probe] = {
    "Basic": Probe("BASIC", "ordinary parameters and gradients", "nothing else can be trusted if this fails"),
    "ThetaAtZero": Probe("BASIC", "parameters start at zero, so that the step itself is compared", "an error of the step hides behind the size of theta"),
    "Scales": Probe("FORMULA", "gradients from 1e-9 to 1e9 side by side", "rare or badly scaled features learn at a wrong rate"),
    "Ends": Probe(
        "FORMULA", "gradients from the smallest to the largest sizes that a format still tells apart, parameters at zero",
        "a limit that nobody asked for takes small gradients for zero, or cuts large ones"),
    "EpsPlacement": Probe(
        "FORMULA", "gradients as small as eps (or as its root), where the place of eps decides the length of a step",
        "steps come out several times too short or too long near convergence", (KERAS_EPS, TENSORFLOW_EPS, ONNX_ADAM)),
    "LowBetas": Probe("PARAMETER", "fast decays and a large eps: every constant of the formula is felt", "a swapped or misread constant goes unnoticed"),
    "ZeroGradients": Probe("MISSING_STEP", "gradients that are zero at some steps or always", "state decays at a wrong rate, or 0/0 gives NaN"),
    "Ramp": Probe("ORDER", "gradients that grow fourfold at each step", "a previous value used for the current one lags behind"),
    "Decreasing": Probe("MISSING_STEP", "gradients that halve at each step", "a maximum that forgets the past is not a maximum", (TORCH_AMSGRAD,)),
    "Mean": Probe("FORMULA", "gradients with a mean much larger than their spread", "a variance taken for a mean square", (OPTAX_CENTERED,)),
    "WeightDecay": Probe("FORMULA", "large parameters and a strong decay of the weights", "decay through the moments is not decay of the weights"),
    "RateChange": Probe("STATE", "the learning rate changes in mid-run", "a velocity that holds the rate lags behind a schedule", (TORCH_ADAM,)),
    "Courses": Probe(
        "STATE", "hyperparameters other than the rate change from update to update",
        "a value that is kept from the first update, or comes late, leaves a cycle of momentum or a schedule of weight decay without effect"),
    "ManyElements": Probe("EDGE_CASE", "70,001 elements: past the grain of parallel and blocked kernels", "part of a large tensor is never updated", (TORCH_FUSED,)),
    "Shapes": Probe("EDGE_CASE", "several tensors, one empty, one a single number, one without a gradient", "a training run dies on the first odd tensor"),
    "Where": Probe("EDGE_CASE", "tensors of every size and number of axes, squares, rows of one, several of one shape", "some layers of a model train wrongly, others do not"),
    "EveryUpdate": Probe("STATE", "every number of an update from 1 to 1,030", "training goes wrong after hundreds of steps, when nobody looks"),
    "Absent": Probe(
        "MISSING_STEP", "a tensor has no gradient in some updates: they are none of its own, whether or not they count",
        "layers that are used now and then get a wrong step, or drift without one"),
    "Zero": Probe("PARAMETER", "a hyperparameter at 0 where its domain has 0", "`x or default` puts the default in its place, without a word"),
    "FarParameters": Probe("EDGE_CASE", "parameters up to 10,000 and rates up to 4", "a limit that nobody asked for holds them back"),
    "CounterEnds": Probe("KNOWN_BUG", "updates numbered 2^31 - 1 and beyond", "a counter of 32 bits turns negative, or starts anew"),
    "Resume": Probe("STATE", "the run continues at update 250 with a given state", "resuming from a checkpoint restarts the bias correction"),
    "LateStep": Probe("PRECISION", "the next update has a late number, up to 2^24", "a counter in a short format stops on the way; powers of beta lose their digits"),
    "Defaults": Probe("DEFAULTS", "no hyperparameter is given: the documented defaults must be in force", "the same call trains differently elsewhere"),
    "OutsideDomain": Probe("PARAMETER", "a hyperparameter outside its domain", "training goes on with NaN or the wrong sign, without a word"),
    "Unmeasured": Probe("EDGE_CASE", "a metric that is infinite or not a number", "one diverged evaluation stops the schedule, or is taken for the best one"),
    "Subnormal": Probe("EDGE_CASE", "gradients below the smallest normal number", "flushed to zero on some hardware; harmless if said"),
    "Overflow": Probe("EDGE_CASE", "gradients whose square is too large for the format", "one spike of the loss freezes or destroys a parameter"),
    "NotFinite": Probe("EDGE_CASE", "an infinite or NaN gradient", "one bad batch must not be hidden, nor spread to other elements"),
    "EpsZero": Probe("EDGE_CASE", "eps = 0 with a zero gradient: 0/0", "a parameter that never got a gradient becomes NaN"),
    "ClosedLoop": Probe("BASIC", "a whole training run on a small objective", "errors that feed back through the gradient"),
    "Witness": Probe("FORMULA", "inputs that a search found to tell the formula from its nearest edits", "one wrong letter in the formula goes unnoticed"),
    "ScheduleSteps": Probe("OFF_BY_ONE", "rates at the start, around every boundary and past the end", "the rate falls a step too early or rises again"),
}  # fmt: skip
