"""A comparison as a file to take away: the strings of its page as CSV, workbook, slides and print."""
