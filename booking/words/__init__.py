"""Words for people: dates, times, money and sentences in a reader's language. Knows no request."""
