"""The Settlement page: from variance to cash, and where each figure comes from."""
