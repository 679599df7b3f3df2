"""Makers of odd and broken files for the robustness tests: one seed, one file."""
