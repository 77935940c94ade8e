"""What is counted of units anyway: measures, and their values period by period."""
