"""The page of the first start: what works now, what the full model needs, and the ways to it."""
