"""The main window around the pages: navigation, status line, About, and what it remembers."""
