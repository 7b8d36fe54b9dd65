"""How fast the portal is beside a floor measured in the same run: absolute times say nothing, ratios do."""
