"""Pure learning code: frames and arrays in, frozen dataclasses out; no Django, no settings, no clock."""
