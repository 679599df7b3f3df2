"""Recordings into words: transcripts, translations, subtitles."""
