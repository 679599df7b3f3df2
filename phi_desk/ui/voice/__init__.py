"""Speaking and listening in the window: recording, hands-free, playing, reading aloud."""
