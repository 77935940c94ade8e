"""What nobody would type: files and forms changed at random, and the life of a company in a random order."""
