"""A toy ATS, added as CONTRIBUTING.md says: one mapping file and the code beside it."""
