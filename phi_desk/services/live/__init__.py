"""Speech into words while it is spoken: sound in, events out, no threads and no devices."""
