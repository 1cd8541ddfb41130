"""Driving the app as a person does: on a display of its own, by its accessibility tree, by the keyboard and the pointer."""
