"""What goes to others than the partners' finance directors: annual return, quarterly and monitoring report."""
