"""What an evaluation yields: samples, summaries that merge, and the report of all."""
