"""The languages that skeletons are written in: one line each."""

from __future__ import annotations

from refopt.conformance.programs.skeletons import formulas, parts
from refopt.conformance.programs.skeletons.language import Language, Ran

_BINARY = "refopt check --wire flat -- ./PROGRAM"

LANGUAGES: tuple[Language, ...] = (
    Language("python", ".py", "refopt check -- python3 SOURCE", "python.txt", formulas.PYTHON, parts.python),
    Language("javascript", ".mjs", "refopt check -- node SOURCE", "javascript.txt", formulas.JAVASCRIPT, parts.javascript, tools=("node",)),
    Language("typescript", ".ts", "refopt check -- node SOURCE", "javascript.txt", formulas.JAVASCRIPT, parts.javascript,
             ran=Ran.WHERE_INSTALLED, tools=("tsc",), typed=True),
    Language("c", ".c", f"cc -O2 -o PROGRAM SOURCE -lm && {_BINARY}", "c.txt", formulas.C, parts.c, ("double", "float"), tools=("gcc", "cc", "clang")),
    Language("c++", ".cpp", f"c++ -O2 -o PROGRAM SOURCE && {_BINARY}", "cpp.txt", formulas.CPP, parts.cpp, ("double", "float"),
             tools=("g++", "c++", "clang++")),
    Language("rust", ".rs", f"rustc -O -o PROGRAM SOURCE && {_BINARY}", "rust.txt", formulas.RUST, parts.rust, ("f64", "f32"), tools=("rustc",)),
    Language("go", ".go", f"go build -o PROGRAM SOURCE && {_BINARY}", "go.txt", formulas.GO, parts.go, ("float64", "float32"), Ran.WHERE_INSTALLED, ("go",)),
    Language("julia", ".jl", "refopt check --wire flat -- julia SOURCE", "julia.txt", formulas.JULIA, parts.julia, ("Float64", "Float32"),
             Ran.NEVER, ("julia",)),
    Language("ctypes", ".py", "refopt check SOURCE:Mine --rule RULE", "ctypes.txt", formulas.C, parts.ctypes, ("double", "float"),
             tools=("cc",)),
    Language("cuda", ".cu", f"nvcc -O2 -o PROGRAM SOURCE && {_BINARY}", "cuda.txt", formulas.CPP, parts.gpu, ("double", "float"), Ran.NEVER, ("nvcc",)),
    Language("hip", ".hip", f"hipcc -O2 -o PROGRAM SOURCE && {_BINARY}", "cuda.txt", formulas.CPP, parts.gpu, ("double", "float"), Ran.NEVER, ("hipcc",)),
)  # fmt: skip
"""Every language, in the order of help."""
