"""scikit-learn: optimizers, and how their code is read on symbols."""
