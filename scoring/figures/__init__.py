"""A model's figures as its pages show them: the one place that knows the shape of metrics and card."""
