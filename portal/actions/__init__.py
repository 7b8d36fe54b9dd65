"""Who promised what by when, on which side."""
