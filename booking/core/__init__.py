"""What is right and what is refused: no input, no output, no clock. Imports the standard library and itself."""
