"""What the demonstration communes consist of: plain values, nothing that acts."""
