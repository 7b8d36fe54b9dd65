"""What may leave the portal: approvals, blockers, the snapshot of values, and the publications made of it."""
