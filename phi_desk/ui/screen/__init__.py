"""The screen: pictures of it, regions of it, keys that work in every program, asking about it."""
