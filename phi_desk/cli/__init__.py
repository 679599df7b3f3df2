"""The command line: one module a command, the same services as the window."""
