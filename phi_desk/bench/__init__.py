"""Speed, memory and fidelity, measured by `phi-desk bench`."""
