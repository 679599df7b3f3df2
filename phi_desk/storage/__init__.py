"""What a person keeps on disk: one SQLite database, media as files beside it; knows no engine."""
