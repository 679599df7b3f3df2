"""Pictures and pages into text."""
