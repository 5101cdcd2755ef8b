"""Where blocks are evaluated; each engine yields results in order from a bounded window."""
