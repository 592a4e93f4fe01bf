"""Numbers anyone can print: `make bench`. Ratios in one run, requests counted exactly; never part of the tests."""
