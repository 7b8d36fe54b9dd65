"""Partners, what they are called and classed over time, who looks after them, and their people."""
