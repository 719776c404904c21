"""What is put on paper: pages of ours as PDF files, and the day sheet. Knows no request and no database."""
