"""A naive second reading of `spec/arithmetic.md`, to hold the production engine against."""
