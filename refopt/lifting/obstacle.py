"""Obstacles to reading foreign code as a formula, and to comparing the formula: a closed set, as data. Their words are made in `report`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from refopt.lifting.look import Look


class Obstacle(Enum):
    """The closed set of obstacles."""

    # who could read it, and how it is called
    NO_READER = auto()
    RAISED = auto()
    IN_FRAME = auto()
    OTHER_FORMULA = auto()
    LIST_OF_ANY_LENGTH = auto()
    GIVEN_MORE = auto()
    OTHER_BACKEND = auto()
    ENGINE_C = auto()
    COMPILED_KERNEL = auto()
    COMPILED_CHANGES = auto()
    SUCH_A_CALL = auto()
    WHOLE_LOOP = auto()
    MADE_BY_A_FUNCTION = auto()
    MADE_FOR_EACH_SETTING = auto()
    TRAIN_STATE = auto()
    # what a number of Python and an array of NumPy do with symbols
    CONSTANT_IS_NO_NUMBER = auto()
    HIGH_POWER = auto()
    EITHER_CONDITION = auto()
    SAME_BUT_FOR_ROUNDING = auto()
    ARITHMETIC_WITH_A = auto()
    IS_WHOLE = auto()
    ROUNDS_TO_A_MACHINE_NUMBER = auto()
    OF_A_SYMBOL = auto()
    ATTRIBUTE = auto()
    FLOOR_OF_A_ROUNDED = auto()
    MATH_FUNCTION = auto()
    NUMPY_OF_A_VALUE = auto()
    NUMPY_OF_VALUES = auto()
    NUMPY_JOINS = auto()
    NUMPY_WHERE_WITHOUT_OUT = auto()
    NUMPY_RAISED = auto()
    PICKED_BY_A_COMPARISON = auto()
    LOOKED_AT_OTHERWISE = auto()
    BYTES = auto()
    CHANGE_OF_FORMAT = auto()
    SHARED_ELEMENTS = auto()
    COMES_OUT_WITH_SHAPE = auto()
    IS_NOT_A_NUMBER = auto()
    JOINS_ELEMENTS = auto()
    ASKS = auto()
    ASKS_FOR_MEMORY = auto()
    ASKS_FOR_SHAPE = auto()
    ASKS_FOR_FINITE = auto()
    # decisions, counters and what is kept between updates
    DECISION_OUTSIDE = auto()
    TOO_MANY_DECISIONS = auto()
    TOO_MANY_PATHS = auto()
    OTHER_NAMES_ON_EITHER_SIDE = auto()
    COUNTER_HOLDS = auto()
    COUNTER_GOES = auto()
    COUNTER_ENDS = auto()
    COUNTER_IS_A = auto()
    CHANGES_WHAT_IT_SEES = auto()
    KEEPS_UNPLACED = auto()
    KEEPS_OF_A_MODULE = auto()
    REACHES_TOO_MUCH = auto()
    USES = auto()
    OF_ANOTHER_TENSOR = auto()
    # recorded loops and operations
    LOOP_WITH_A = auto()
    LEFT_BY_A_LOOP = auto()
    EITHER_CONDITION_IN_A_LOOP = auto()
    SCAN = auto()
    RESHAPE_IN_ANOTHER_ORDER = auto()
    SELECT_OF_MANY = auto()
    COND_OF_MANY = auto()
    OPERATION_OF = auto()
    CONSTANT_ARRAY = auto()
    RESULT_OF_ANOTHER_SHAPE = auto()
    WHOLE_NUMBERS_END = auto()
    WHOLE_NUMBERS_WRAP = auto()
    COUNT_IN_A_SHORT_FORMAT = auto()
    CUT_OFF = auto()
    PUT_INTO_WHAT_WRAPS = auto()
    MAYBE_NEGATIVE_INTO = auto()
    # optimizers and schedules of frameworks, and people's own
    NO_ATTRIBUTE_FOR_A_SYMBOL = auto()
    CONDITION_FOR_A_NUMBER = auto()
    CONDITION_FOR_A_RATE = auto()
    CATCHES_WHILE_RECORDED = auto()
    NAME_TWICE = auto()
    INIT_CHANGES_PARAMETER = auto()
    CHANGES_GRADIENT = auto()
    OTHER_STATE_AFTER = auto()
    RATE_GIVES_A = auto()
    OTHER_FORMULA_FOR_A_TYPE = auto()
    OTHER_GROUPS = auto()
    KEEPS_BESIDE_ITS_STATE = auto()
    KEEPS_ON_ITS_PARAMETER = auto()
    KEEPS_ANOTHERS_TENSOR = auto()
    STATE_IS_A = auto()
    KEPT_BESIDE_GROUPS = auto()
    GIVES_NO_RATE = auto()
    STEP_OF_ITS_OWN = auto()
    MADE_OF_AN_ARGUMENT = auto()
    ONE_NUMBER_OF_SEVERAL = auto()
    OPERATION = auto()
    WHERE_ON_NO_COMPARISON = auto()
    TENSOR_OF_ANOTHER_SHAPE = auto()
    TRUTH_OF_SEVERAL = auto()
    # formulas that were read, and their comparison with the rule's
    ENDLESS = auto()
    NOT_FOLLOWED = auto()
    NO_VALUE_SOMEWHERE = auto()
    UNDECIDED = auto()
    RATE_UNDECIDED = auto()
    NOT_SET = auto()
    IN_PLACE = auto()


@dataclass(frozen=True)
class Hindrance:
    """An obstacle: which, the names and numbers in it, a question of the code among them, and what it passes on."""

    obstacle: Obstacle
    names: tuple[str | Look, ...] = ()
    of: Phrase | None = None


Phrase: TypeAlias = str | Hindrance
"""Foreign words, or an obstacle that is told in words of the report."""


def brief(hindrance: Phrase) -> str:
    """A hindrance in the line of an exception, which is worded where it is told: its key, and its names."""
    if not isinstance(hindrance, Hindrance):
        return str(hindrance)
    passed_on = () if hindrance.of is None else (brief(hindrance.of),)
    names = (x.name.lower() if isinstance(x, Look) else x for x in hindrance.names)
    return " ".join((hindrance.obstacle.name.lower().replace("_", " "), *names, *passed_on))
