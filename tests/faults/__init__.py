"""What happens to disk, database and children, done for real: a full disk, a stopped server, a killed process."""
