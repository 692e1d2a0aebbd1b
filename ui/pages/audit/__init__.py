"""The Audit page: the trail, samples, the settlement worked again."""
