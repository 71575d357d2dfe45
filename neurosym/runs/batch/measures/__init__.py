"""What is measured of a run, each module one kind of figure, all from one snapshot."""
