"""What residents come for, one module per theme."""
