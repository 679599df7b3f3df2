"""The page Models: a presenter without Qt, a view, and the parts of the view."""
