"""What employees see: the promise, the questions, the receipt. No session, no cookie."""
