"""Stored conversations: asked, branched, found, exported; knows no terminal, window or thread."""
