"""Broken and odd files for every reader, and what they must come to: a result or one sentence."""
