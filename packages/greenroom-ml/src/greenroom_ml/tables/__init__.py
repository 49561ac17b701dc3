"""Tables as they are: cells, moments, frames."""
