"""What was heard live and what was read, kept: two parts that know nothing of each other."""
