"""What Guichet costs, as ratios to the bare database and the bare page: ``make bench``."""
