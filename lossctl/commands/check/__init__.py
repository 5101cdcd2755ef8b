"""`lossctl check`."""
