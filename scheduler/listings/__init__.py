"""What the long lists ask of the database, so that it never walks through all of the history."""
