"""Recognised pages as they are kept: added one by one, edited, found, exported; knows no window."""
