"""What the PAM carries: Today, the list of partners, a partner's overview, the search. Reads from all, is read by none."""
