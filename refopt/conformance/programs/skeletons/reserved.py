"""Names that skeletons keep for themselves: keywords of every language they are written in, and what the templates call."""

from __future__ import annotations

import keyword

from refopt.lowering import c, javascript, rust

GO = (
    "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct "
    "switch type var append bool float32 float64 int len make string bufio fmt io math os strconv strings"
)
JULIA = "abstract baremodule begin const do elseif end export finally function global import let local macro module mutable quote struct try using where pi"
CPP = (
    "alignas alignof and and_eq asm bitand bitor bool catch char class compl concept consteval constexpr constinit const_cast decltype delete "
    "dynamic_cast explicit export friend mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
    "reinterpret_cast requires static_assert static_cast template this throw true typeid typename using virtual wchar_t xor xor_eq real std"
)
OURS = (
    "all answer choose element given hyper host i j keep kernel line maximum minimum n names np numbers q seen signum square start state step sure "
    "text there w word x"
)

RESERVED = frozenset([*keyword.kwlist, *c.KEYWORDS.split(), *javascript.KEYWORDS.split(), *rust.KEYWORDS.split(), *GO.split(), *JULIA.split(), *CPP.split(),
                      *OURS.split()])  # fmt: skip
