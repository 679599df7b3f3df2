"""Messages in, events out; knows no Qt and imports torch only inside `phi_desk.model`."""
