"""Candidates and their documents for other systems."""
