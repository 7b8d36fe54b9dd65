"""The door for partners: a contact signs in by a mailed link and reads the frozen pages of its own partner."""
