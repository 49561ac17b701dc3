"""What is counted of the served model, and what it is held against."""
