"""The page Settings: options and presenters without Qt, a view, and the controls of the view."""
