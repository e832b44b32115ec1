"""What all dialects share: standard SQL, and the shapes that each database fills or overrides."""
