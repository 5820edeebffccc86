"""The wording of what a reading and a proof take for granted: a template an assumption. No answer depends on any of them."""

from __future__ import annotations

from refopt.lifting.assumption import Assumption
from refopt.lifting.look import Look

ASSUMPTIONS: dict[Assumption, str] = {
    Assumption.FINITE: "all values are finite",
    Assumption.ZERO: "{0} is 0, as it is configured",
    Assumption.NOT_ZERO: "{0} is not 0, as it is configured",
    Assumption.ZERO_IS_REFUSED: "{0} is not 0, which it refuses",
    Assumption.COUNTER_STOPS: "{0} stays below {1}, where its counter stops",
    Assumption.KEPT_OF_ONE_ARRAY: "what {0} keeps on the object is that of one array",
    Assumption.SAME_BITS: "the C engine, where it runs, has the NumPy engine's bits: compared when it is loaded, not proved",
    Assumption.LEFT_OUT: "{0} are left out: {of}",
    Assumption.LEFT_OUT_UNREAD: "{0} are left out: there it cannot be read ({of})",
    Assumption.OTHER_FORMATS: "its code asks for {look}: what holds for other formats than {names} is not covered",
    Assumption.OTHER_SHAPES: "its code asks for {look}: what holds for other shapes than {names} is not covered",
    Assumption.TYPES: "its code asks for {look}: a hyperparameter is taken to be a {others}, {0} an int",
    Assumption.PLAIN_TENSORS: "its code asks for {look}: they are taken to be dense ones of a plain device",
    Assumption.OTHER_ANSWERS: "its code asks for {look}: what it makes of that is not covered",
    Assumption.NOT_SET: "{0} = {1}, which it does not let be set",
    Assumption.NOT_SET_IN_THEOREM: "{0} is {1}, which it does not let be set",
    Assumption.CONSTANT_RATE: "the learning rate does not change",
    Assumption.SIGN_TURNED: "{0}=True: g is the gradient with its sign turned",
}
"""By assumption; the fields are its names, `{0}` the first, all of them `{names}`, those after the first `{others}`, the question that it is about, `{look}`,
and the obstacle that led to it, `{of}`."""
LOOKS: dict[Look, str] = {
    Look.TEXT: "how a number is written",
    Look.DTYPE: "the format of arrays",
    Look.SHAPE: "the shape or the size of arrays",
    Look.TYPE: "the type of a number",
    Look.KEEPING: "where tensors are kept",
    Look.IDENTITY: "whether two things are one and the same",
    Look.MEMORY: "how arrays lie in memory",
    Look.CAUGHT: "whether something raises an exception",
    Look.TENSORS: "which of several tensors, or of groups of them, it updates",
}
"""By question of the code, what it asks."""
