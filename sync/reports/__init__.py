"""What people and programs are told: the call list, one person explained, runs, status, pictures. Reads the mirror
only."""
