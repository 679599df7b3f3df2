"""The features, as streams of events; no Qt and no threads."""
