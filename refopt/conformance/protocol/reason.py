"""Reasons why something is not judged, and remarks beside a verdict: a closed set, as data. Their words are made in `report`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from refopt.golden.description import Description, Name


class Why(Enum):
    """The closed set of reasons and remarks."""

    # what an implementation does not take
    HAS_NO = auto()
    TAKES_NO = auto()
    SUBJECT_TAKES_NO = auto()
    STEP_TAKES_NO = auto()
    RATE_TAKES_NO = auto()
    DECLARES_NO = auto()
    DECLARES_NO_INPUT = auto()
    NO_DEFAULT_FOR = auto()
    STEP_HAS_NO_DEFAULT_FOR = auto()
    NO_DEFAULTS = auto()
    GIVES_NAN = auto()
    REFUSES = auto()
    HAS_FORMATS = auto()
    TRAINS_IN = auto()
    ONLY_BINARY64 = auto()
    RETURNS_ANOTHER_FORMAT = auto()
    NEEDS_EVERY_GRADIENT = auto()
    SUBJECT_NEEDS_EVERY_GRADIENT = auto()
    NO_GRADIENT_AT_ALL = auto()
    NUMBER_BY_NUMBER = auto()
    STEP_TOO_FAR = auto()
    PROPOSES_FOR_ALL = auto()
    COUNTER_ENDS = auto()
    # rates that cannot be changed in a run
    RATE_CANNOT_BE_SET = auto()
    RATE_HAS_NO_ARGUMENT = auto()
    RATE_IS_CONSTANT = auto()
    RATE_IS_A_NUMBER = auto()
    NO_RATE = auto()
    ONE_RATE_FOR_THE_LOOP = auto()
    # other hyperparameters that cannot be changed in a run
    HELD_IN_A_RUN = auto()
    DECLARES_NO_COURSES = auto()
    # runs over given gradients
    LOOP_BEGINS_ITSELF = auto()
    LOOP_ENDED = auto()
    # given states
    CANNOT_RESUME = auto()
    POINTS_AND_STARTS = auto()
    NOT_RESUMING_AND_STARTS = auto()
    DECLARED_AND_STARTS = auto()
    UNSEEN = auto()
    MORE_STATE = auto()
    SHOWS_NO = auto()
    STARTS_AND_UNSEEN = auto()
    STARTS_AND = auto()
    OWN_STATE_BESIDES = auto()
    COUNT_NOT_KNOWN = auto()
    STATE_NOT_KNOWN = auto()
    ANOTHER_SHAPE = auto()
    # saving and loading
    NO_SAVE = auto()
    SAVING_RAISED = auto()
    PRIVATE_ONLY = auto()
    EMPTY = auto()
    HOLDS = auto()
    DECLARES_NO_RESUME = auto()
    SHOWS_ONLY = auto()
    SHOWS_NO_STATE = auto()
    SAYS_IT_DOES_NOT_RESUME = auto()
    NO_CLOSED_LOOP_CUT = auto()
    NO_RUN_CUT = auto()
    TOO_SHORT = auto()
    NOT_CONTINUED = auto()
    OTHER_BITS_ANYWAY = auto()
    # closed loops
    GRADIENTS_ELSEWHERE = auto()
    NO_STATE_GIVEN_BACK = auto()
    # the flat wire
    ONE_TENSOR_ONLY = auto()
    NO_ABSENT_GRADIENT = auto()
    WHOLE_STATE_ONLY = auto()
    NO_SCHEDULES = auto()
    # verdicts
    NO_CASE_LISTS = auto()
    NOT_STEPWISE = auto()
    NO_CLAIM = auto()
    DOES_NOT_MOVE = auto()
    FEW_DECIDE = auto()
    NO_CASE_ANSWERED = auto()
    ACCEPTS = auto()
    NOT_IN_THIS_MODE = auto()
    VALUES_NOT_FOUND = auto()
    NOT_TAKEN = auto()
    VALUES_OF = auto()
    VALUES_OF_NONE = auto()
    AT_UPDATE = auto()
    # remarks
    HIDES = auto()
    COUNTS_FOR_ALL = auto()
    COUNTS_ITS_OWN = auto()
    COUNTER_STANDS = auto()
    COUNTER_STOPS = auto()

    def __reduce_ex__(self, protocol: Any) -> tuple[type[Why], tuple[int]]:
        """By value: what another process sends names no function but this class."""
        return Why, (self.value,)


@dataclass(frozen=True)
class Reason(Description):
    """A reason: which, the names and numbers in it, and the reason or the foreign words that it passes on."""

    why: Why
    names: tuple[str, ...] = ()
    of: Name | None = None


def brief(reason: Name) -> str:
    """A reason in the line of an error, which is worded where it is raised: its key, and its names."""
    return " ".join((reason.why.name.lower().replace("_", " "), *reason.names)) if isinstance(reason, Reason) else str(reason)


def plain(reason: Name | None) -> Any:
    """A reason as plain values, for another process; foreign words as they are."""
    return {"why": reason.why.name, "names": reason.names, "of": plain(reason.of)} if isinstance(reason, Reason) else reason


def reason_of(values: Any) -> Name:
    """The reason again."""
    if not isinstance(values, dict):
        return str(values)
    return Reason(Why[values["why"]], tuple(values["names"]), None if values["of"] is None else reason_of(values["of"]))
