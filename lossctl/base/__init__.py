"""What three rooms or more use: errors, wording, arrays, registries; it imports nothing of ours."""
