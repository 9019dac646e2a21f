"""What is wrong with a description, and what will read badly: problems, all at once."""
