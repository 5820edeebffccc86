"""What is put into the programs for `prove`: what makes them wrong somewhere, and what is only another way of writing."""

from __future__ import annotations

from dataclasses import dataclass

NUMPY, TORCH, JAX = "numpy", "torch", "jax"
ALL = (NUMPY, TORCH, JAX)


@dataclass(frozen=True)
class Kind:
    """What is put in: lines before the body or after it, and above the class; the styles that it is written for, and the hyperparameter that a
    template must have."""

    name: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    styles: tuple[str, ...] = ALL
    needs: str = ""
    above: tuple[str, ...] = ()


def before(name: str, *lines: str, styles: tuple[str, ...] = ALL, needs: str = "", above: tuple[str, ...] = ()) -> Kind:
    """Lines that are put in before the body."""
    return Kind(name, before=lines, styles=styles, needs=needs, above=above)


def after(name: str, *lines: str, styles: tuple[str, ...] = ALL) -> Kind:
    """Lines that are put in after the body."""
    return Kind(name, after=lines, styles=styles)


WRONG = (
    # elements
    after("only the first is updated", "kept = new", "new = theta * 2", "new[:1] = kept[:1]", styles=(NUMPY,)),
    after("the last is not updated", "new[-1:] = theta[-1:]", styles=(NUMPY,)),
    after("every second one", "new = new.copy()", "new[::2] = theta[::2]", styles=(NUMPY,)),
    after("the first of a tensor", "new[0] = theta[0]", styles=(TORCH,)),
    after("the first of an array", "new = new.at[0].set(theta[0]) if new.ndim else new", styles=(JAX,)),
    before("the gradient of the first", "grad = 0 * grad + grad.reshape(-1)[0]"),
    before("backwards", "grad = grad[::-1] if grad.ndim else grad", styles=(NUMPY, JAX)),
    before("backwards in torch", "grad = torch.flip(grad, (0,)) if grad.dim() else grad", styles=(TORCH,)),
    before("transposed", "grad = grad.T"),
    before("without its mean", "grad = grad - grad.mean()"),
    before("divided by its norm", "grad = grad / xp.sqrt((grad * grad).sum())"),
    before("divided by its largest", "grad = grad / xp.max(xp.abs(grad))"),
    before("summed up", "grad = xp.cumsum(grad, 0) if grad.ndim else grad"),
    before("rolled", "grad = xp.roll(grad, 1)"),
    before("nothing where all are zero", "if (grad == 0).all():", "    grad = grad + 1", styles=(NUMPY, TORCH)),
    before("the sign where any is negative", "if (grad < 0).any():", "    grad = 2 * grad", styles=(NUMPY, TORCH)),
    # shapes and formats
    before("from four elements on", "if math.prod(theta.shape) >= 4:", "    lr = 2 * lr"),
    before("columns from the fifth on", "if len(theta.shape) == 2 and theta.shape[1] > 4:", "    lr = 2 * lr"),
    before("rows from the 17th on", "if len(theta.shape) == 2 and theta.shape[0] > 16:", "    lr = 2 * lr"),
    before("five axes", "if len(theta.shape) > 4:", "    lr = 2 * lr"),
    before("one element", "if math.prod(theta.shape) == 1:", "    lr = 2 * lr"),
    before("no axes", "if theta.ndim == 0:", "    lr = 2 * lr"),
    before("two axes", "if theta.ndim == 2:", "    grad = -grad"),
    before("squares", "if len(theta.shape) == 2 and theta.shape[0] == theta.shape[1]:", "    grad = 2 * grad"),
    before("64 elements", "if theta.size % 64 == 0:", "    lr = 2 * lr", styles=(NUMPY,)),
    before("three axes", "if theta.ndim == 3:", "    lr = 2 * lr", styles=(NUMPY,)),
    before("many, by numel", "if theta.numel() > 2:", "    lr = 2 * lr", styles=(TORCH,)),
    before("float32", "if theta.dtype == xp.float32:", "    lr = 2 * lr"),
    before("float16, by name", "if 'float16' in str(theta.dtype):", "    lr = 2 * lr"),
    before("below eight bytes", "if theta.dtype.itemsize < 8:", "    grad = grad + 1"),
    # what cancels
    before("a cube over the gradient", "grad = grad * grad / grad"),
    before("a root squared", "grad = xp.sqrt(grad) ** 2"),
    before("theta over theta", "grad = grad * theta / theta"),
    before("an inverse of an inverse", "lr = 1 / (1 / lr)"),
    before("lr over lr", "lr = lr * lr / lr"),
    before("eps over eps", "grad = grad * (eps / eps)", needs="eps"),
    before("t - 1 over t - 1", "grad = grad * ((t - 1) / (t - 1))"),
    before("exp of log", "grad = xp.sign(grad) * xp.exp(xp.log(xp.abs(grad)))"),
    before("the sign by a quotient", "grad = xp.abs(grad) * (grad / xp.abs(grad))"),
    before("a root of the rate", "lr = lr ** 1.5 / lr ** 0.5"),
    after("a quotient of steps", "new = theta + (new - theta) * grad / grad"),
    after("shifted and divided", "new = theta + (new - theta) * (theta - 1) / (theta - 1)"),
    # what is kept
    before("a count on the object", "self.calls += 1", "lr = 2 * lr if self.calls > 2 else lr", styles=(NUMPY, TORCH)),
    before("a global count", "CALLS += 1", "lr = 2 * lr if CALLS > 40 else lr"),
    before("a global list", "SEEN.append(1)", "lr = 2 * lr if len(SEEN) > 40 else lr"),
    before("the first gradient", "self.first = grad if self.first is None else self.first", "grad = self.first", styles=(NUMPY,)),
    before("a class's count", "Made.count = getattr(Made, 'count', 0) + 1", styles=(NUMPY, TORCH)),
    before("random numbers", "lr = lr * (1 + (np.random.rand() > 2))", styles=(NUMPY,)),
    before("Python's random numbers", "lr = lr * (1 + (random.random() > 2))", styles=(NUMPY,)),
    before("the group's rate", "group['lr'] = group['lr'] * 0.5", styles=(TORCH,)),
    # branches
    before("update 17", "lr = 2 * lr if t == 17 else lr", styles=(NUMPY, TORCH)),
    before("after a thousand", "lr = 2 * lr if t > 1000 else lr", styles=(NUMPY, TORCH)),
    before("every hundredth", "grad = xp.where(t % 100 == 0, -grad, grad)", styles=(JAX,)),
    before("update 17, chosen", "lr = xp.where(t == 17, 2 * lr, lr)", styles=(NUMPY, JAX)),
    before("from 11 to 200", "grad = -grad if 11 <= t <= 200 else grad", styles=(NUMPY, TORCH)),
    before("a rate up to 1", "lr = min(lr, 1)"),
    before("a rate above 3", "lr = 3 if lr > 3 else lr"),
    before("a rate of zero", "lr = lr or 0.001"),
    before("a factor of zero", "eps = eps or 1e-8", needs="eps", styles=(NUMPY, TORCH)),
    before("a large gradient", "grad = grad.clip(-1e6, 1e6)", styles=(NUMPY, JAX)),
    before("a large gradient in torch", "grad = grad.clamp(-1e6, 1e6)", styles=(TORCH,)),
    before("a tiny gradient", "grad = xp.where(xp.abs(grad) < 1e-30, 0 * grad, grad)"),
    after("far parameters", "new = xp.where(xp.abs(theta) > 10000, theta, new)"),
    before("a zero gradient", "grad = xp.where(grad == 0, grad + 1, grad)"),
    before("a count that stops", "t = min(t, 255)", "grad = grad * (2 if t == 255 else 1)", styles=(NUMPY,)),
    # types
    before("a float", "lr = 2 * lr if isinstance(lr, float) else lr", styles=(NUMPY,)),
    before("an int", "lr = 2 * lr if isinstance(lr, int) else lr", styles=(NUMPY, TORCH)),
    before("exactly a float", "lr = 2 * lr if type(lr) is float else lr", styles=(NUMPY,)),
    before("as it is written", "lr = 2 * lr if len(repr(lr)) > 3 else lr", styles=(NUMPY, TORCH)),
    before("as it is formatted", "lr = 2 * lr if f'{lr}' == '0.1' else lr", styles=(NUMPY,)),
)  # fmt: skip

RIGHT = (
    Kind("as written"),
    before("a float of the rate", "lr = float(lr)", styles=(NUMPY, TORCH)),
    before("a copy", "grad = grad.copy()", "theta = theta + 0", styles=(NUMPY, JAX)),
    before("a clone", "grad = grad.clone()", styles=(TORCH,)),
    before("a guarded quotient", "grad = xp.where(grad == 0, 0 * grad, grad * grad / xp.where(grad == 0, 0 * grad + 1, grad))"),
    before("never below zero", "lr = max(lr, 0)"),
    before("finite", "lr = lr if lr < math.inf else 0", styles=(NUMPY, TORCH)),
    before("a branch never taken", "lr = 7 if lr < 0 else lr"),
    before("two signs", "grad = -(-grad)"),
    before("a root of a square", "grad = xp.sign(grad) * xp.sqrt(grad * grad)", styles=(NUMPY, TORCH)),
    before("divided by what is never zero", "grad = grad * (1 + grad * grad) / (1 + grad * grad)"),
    before("divided by a count", "grad = grad * t / t"),
    after("through the step", "new = theta + (new - theta)"),
    before("an array of the same", "grad = np.asarray(grad, dtype=np.float64)", styles=(NUMPY,)),
    before("in place", "grad = np.array(grad)", "grad *= 2", "grad /= 2", styles=(NUMPY,)),
    after("filled in", "out = np.empty(theta.shape)", "out[...] = new", "new = out", styles=(NUMPY,)),
    after("one at a time", "out = np.zeros_like(theta)", "for i in np.ndindex(theta.shape):", "    out[i] = new[i]", "new = out", styles=(NUMPY,)),
)  # fmt: skip
