"""A month of a recruitment team on the sandbox, and what must hold of it every day."""
