"""What is published of a wave, and what leaves as a file."""
