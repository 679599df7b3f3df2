"""What a person chose, checked and kept in one JSON file; keys lie in the system's keyring."""
