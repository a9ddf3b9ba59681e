"""Figures and the trace of their numbers: what every face of the project shows."""
