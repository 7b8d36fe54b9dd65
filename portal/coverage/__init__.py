"""Leadership's view: who is covered and who is neglected, in numbers that cannot flatter."""
