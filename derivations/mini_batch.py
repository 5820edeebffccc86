"""A mini-batch gradient is right on average, and its noise falls as 1/B

The gradient of a few random samples costs B instead of N evaluations. Its mean is the full gradient; its variance is
sigma^2/B, and less when no sample is drawn twice.
"""

from __future__ import annotations

from itertools import combinations, product

import sympy as sp

from refopt import catalogue
from refopt.derivation import Curve, Derivation, Picture, Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Robbins & Monro 1951", "the unbiased observation", "doi:10.1214/aoms/1177729586"),
          Source("Cochran 1977", "theorem 2.2, sampling without replacement", "Sampling Techniques"),
          Source("Dekel et al. 2012", "section 1, the mini-batch", "arXiv:1012.1367"))  # fmt: skip
CLAIM = "mean `g`; variance `sigma^2/B` with replacement, `(N - B)/(N - 1) sigma^2/B` without"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """Covariance algebra for any N and B, and every batch written out for N = 4, B = 2."""
    d.say("A batch is B samples drawn at random, each with variance sigma^2, any two with covariance c. The variance of their mean:")
    sigma, c = d.positive("sigma"), d.real("c")
    batch, more = d.integer("B", 1), d.integer("D", 1)
    number = batch + more
    variance = (batch * sigma**2 + batch * (batch - 1) * c) / batch**2
    d.equal("drawn with replacement they are independent, c = 0", variance.subs(c, 0), sigma**2 / batch)
    d.say("Without replacement: all N = B + D samples together have no variance at all, `N sigma^2 + N (N - 1) c = 0`, which gives c:")
    covariance = sp.solve(sp.Eq(number * sigma**2 + number * (number - 1) * c, 0), c)[0]
    d.equal("the covariance", covariance, -(sigma**2) / (number - 1))
    without = d.equal("the variance without replacement", variance.subs(c, covariance), (number - batch) / (number - 1) * sigma**2 / batch)
    d.compare("it is never larger", without, "<=", sigma**2 / batch)
    d.equal("the whole set has none", without.subs(more, 0), 0)

    d.say("Every batch written out, for N = 4 samples x_1 ... x_4 and B = 2:")
    x = [d.real(f"x_{i}") for i in range(1, 5)]
    mean = sum(x) / 4
    spread = sum((a - mean) ** 2 for a in x) / 4
    for told, batches, expected in (
        ("with replacement", list(product(x, repeat=2)), spread / 2),
        ("without replacement", list(combinations(x, 2)), spread / 2 * sp.Rational(4 - 2, 4 - 1)),
    ):
        means = [sum(b) / 2 for b in batches]
        d.equal(f"the mean over all {len(means)} batches, {told}", sum(means) / len(means), mean, "expand")
        d.equal(f"the variance, {told}", sum((m - mean) ** 2 for m in means) / len(means), expected, "expand")

    d.say("The shipped rule is linear in g, so a step on a batch is on average the step on everything:")
    eta, theta = d.positive("eta"), d.real("theta")
    step = d.rule(catalogue.rule("sgd"), lr=eta)
    d.equal("a step", step(theta=theta, g=mean)["theta"], theta - eta * mean, "expand")
    after = [step(theta=theta, g=sum(b) / 2)["theta"] for b in combinations(x, 2)]
    d.equal("the mean step", sum(after) / len(after), step(theta=theta, g=mean)["theta"], "expand")
    centre = step(theta=theta, g=mean)["theta"]
    d.equal(
        "the noise of a step", sum((a - centre) ** 2 for a in after) / len(after), eta**2 * spread / 3, "expand", why="eta^2 times the variance of the batch"
    )


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The variance of every batch of 8 samples, each batch written out, as a share of one sample's; beside the claim."""
    samples = [sp.Integer(k) for k in (3, -1, 4, 1, -5, 9, 2, -6)]
    count, mean = len(samples), sp.Rational(sum(samples), len(samples))
    spread = sum((x - mean) ** 2 for x in samples) / count

    def variance(size: int, *, again: bool) -> float:
        batches = product(samples, repeat=size) if again else combinations(samples, size)
        means = [sp.Rational(sum(b), size) for b in batches]
        return float(sum((m - mean) ** 2 for m in means) / len(means) / spread)

    counted = Curve("without replacement, counted", tuple((float(b), variance(b, again=False)) for b in range(1, count + 1)), dots=True)
    again = Curve("with replacement, counted", tuple((float(b), variance(b, again=True)) for b in range(1, 4)), dots=True)
    sizes = range(1, count + 1)
    claims = (Curve("(N - B)/(N - 1)/B", tuple((float(b), (count - b) / (count - 1) / b) for b in sizes), dashed=True),
              Curve("1/B", tuple((float(b), 1 / b) for b in sizes), dashed=True))  # fmt: skip
    return (Picture("Noise of a batch of B among N = 8 samples", "B", "variance / sigma^2", (counted, again, *claims), y_range=(0, 1.05)),)
