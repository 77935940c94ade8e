"""What is written about the program."""
