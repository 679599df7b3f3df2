"""Live sessions as they are kept: written while they run, found, exported; knows no window."""
