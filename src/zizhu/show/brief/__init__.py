"""The brief: nine exhibits about one country, each opening with a sentence made from its data."""
