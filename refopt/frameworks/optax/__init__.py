"""optax: optimizers, schedules, and how its code is read on symbols."""
