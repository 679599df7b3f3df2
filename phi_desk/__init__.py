"""Phi Desk: a private multimodal assistant on your own computer."""

__version__ = "0.1.0"
