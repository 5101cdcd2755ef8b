"""`lossctl.evaluate`, and what it returns and tells as Python shows it."""
