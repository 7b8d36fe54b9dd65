"""What is measured: the library of KPIs, targets, monthly actuals, and the order lines they are summed from."""
