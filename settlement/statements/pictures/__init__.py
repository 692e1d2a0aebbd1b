"""Pictures of figures: pure functions from figures to a drawing, and where they stand in a statement."""
