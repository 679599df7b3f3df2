"""Looking after what is kept: how much it is, the bin, and deleting all of it."""
