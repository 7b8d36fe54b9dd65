"""How often each class is due, which visits count, and how each partner stands today: computed, never stored."""
