"""Tables -> per-sample losses and a report."""
