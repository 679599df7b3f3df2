"""Devices and files: sound, pictures and documents as numpy arrays; knows no Qt, no torch and no model."""
