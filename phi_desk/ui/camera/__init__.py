"""The camera: a presenter without Qt, and the window in which a picture is taken."""
