"""Downloads against a hub of our own on 127.0.0.1."""
