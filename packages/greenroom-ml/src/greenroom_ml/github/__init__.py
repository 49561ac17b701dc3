"""GitHub's event and API, as a job of the workflow sees them."""
