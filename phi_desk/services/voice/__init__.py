"""Speaking and being spoken to: clips, turn-taking, and text that can be read aloud."""
