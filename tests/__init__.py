"""The tests mirror scheduler/; read in order, their names are the specification."""
