"""Drives the real window for `phi-desk bench ui`."""
