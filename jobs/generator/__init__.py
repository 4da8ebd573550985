"""An invented Brazilian IT recruiting company in the source format, whose hires follow from a known rule."""
