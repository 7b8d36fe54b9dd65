"""A filled workspace to look at: a real channel, and visits, promises and texts that are made up and say so."""
