"""Phi Desk: a private multimodal assistant on your own computer."""

import os

__version__ = "0.1.0"

# ONNX Runtime's official builds (1.29 and later, all systems) report every session to Microsoft
# unless this is set before the library is loaded; its own API comes too late to stop it (measured
# with 1.31.1: eight look-ups of the collector's name in one transcription).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
