"""The program's jobs shown on samples that came with it."""
