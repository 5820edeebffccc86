"""keras: backend, optimizers, schedules, and how its code is read on symbols."""
