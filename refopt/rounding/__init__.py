"""Number formats, and the derived bound: the largest error that rounding alone can cause in any correct implementation."""
