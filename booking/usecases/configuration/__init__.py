"""A commune's whole configuration in one file: written from its rows, compared with them, and applied to them."""
