"""What the PAM carries: Today, the list of partners, an overview, the search. Reads from all, is read by none."""
