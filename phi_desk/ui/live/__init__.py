"""The page Live and the overlay: presenters without Qt, hearing on a lane, and the views."""
