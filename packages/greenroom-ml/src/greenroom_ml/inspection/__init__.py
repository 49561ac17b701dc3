"""What a table says against learning from it."""
