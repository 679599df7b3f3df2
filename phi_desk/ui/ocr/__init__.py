"""The page Read: presenters without Qt, views, and the small window to drop on."""
