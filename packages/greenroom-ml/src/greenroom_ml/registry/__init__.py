"""Whom MLflow is asked as, and from which commit."""
