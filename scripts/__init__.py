"""What the Makefile runs; each file says what it does."""
