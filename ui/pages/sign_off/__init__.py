"""The Sign-off page: checks, holding, signatures, verification."""
