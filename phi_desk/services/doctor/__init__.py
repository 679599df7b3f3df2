"""What this machine has and can run, as findings; repairs nothing and opens no connection."""
