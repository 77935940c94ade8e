"""What is said of several units beside each other over waves: for the page, and for every file made of it."""
