"""Devices and files: sound, pictures and documents as numpy arrays; knows no Qt and no torch."""
