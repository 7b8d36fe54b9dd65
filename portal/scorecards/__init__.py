"""From actuals and targets to a score, its completeness and colour, and the frozen snapshot of it."""
